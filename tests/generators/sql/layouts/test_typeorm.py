"""TypeORM: recognised by its interface, ordered by the number of the class."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from layout_plans import NOW, columns, index, whole

from generators.base import Project
from generators.sql.layouts.typeorm import LAYOUT
from generators.sql.tree import survey

Write = Callable[[dict[str, str]], Path]
TYPED = (
    "import { MigrationInterface, QueryRunner } from 'typeorm';\n\n"
    "export class NAME implements MigrationInterface {\n"
    "  public async up(queryRunner: QueryRunner): Promise<void> {\n"
    "    await queryRunner.query(`SELECT 1`);\n  }\n}\n"
)
PLAIN = "module.exports = class A1 {\n    async up(queryRunner) {\n    }\n}\n"


def typed(kind: str) -> str:
    return TYPED.replace("NAME", kind)


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def test_the_newest_files_tell_the_hand(tree: Write) -> None:
    root = tree(
        {
            "package.json": '{"scripts": {"up": "typeorm -d dist/source.js migration:run"}}',
            "src/db/1690000000000-Init.ts": typed("Init1690000000000"),
            "src/db/1700000000000-AddUsers.ts": typed("AddUsers1700000000000"),
        }
    )
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / "src/db", "high")
    assert project.heads == ("1700000000000",)
    assert project.options["indent"] == "  "
    assert LAYOUT.next_versions(project, taken=(), now=NOW, count=2) == (
        "1795429230000",
        "1795429230001",
    )
    assert LAYOUT.commands(project, ("1", "2")).revert == " && ".join(
        ["npx typeorm migration:revert -d dist/source.js --transaction each"] * 2
    )


@pytest.mark.parametrize("text", ["export class A {}\n", "exports.up = async (knex) => {};\n"])
def test_what_is_not_its(tree: Write, text: str) -> None:
    assert found(tree({"migrations/1700000000000-A.ts": text})) == []


def test_a_class(tmp_path: Path) -> None:
    (edit,) = columns("typeorm", tmp_path)
    assert edit.path == tmp_path / "src/migration/1795429230000-AddStatus.ts"
    assert whole(edit) == (
        'import { MigrationInterface, QueryRunner } from "typeorm";\n\n'
        "export class AddStatus1795429230000 implements MigrationInterface {\n"
        "    public async up(queryRunner: QueryRunner): Promise<void> {\n"
        "        await queryRunner.query(`SET LOCAL lock_timeout = '2s'`);\n"
        "        await queryRunner.query(`ALTER TABLE orders ADD COLUMN status text "
        "DEFAULT 'a\\`\\${b}\\\\#{c}?'`);\n"
        "    }\n\n"
        "    public async down(queryRunner: QueryRunner): Promise<void> {\n"
        "        await queryRunner.query(`SET LOCAL lock_timeout = '2s'`);\n"
        "        await queryRunner.query(`ALTER TABLE orders DROP COLUMN status`);\n"
        "    }\n"
        "}\n"
    )


def test_outside_a_transaction_in_both_directions(tmp_path: Path) -> None:
    edit = index("typeorm", tmp_path)[1]
    assert "--transaction each" in edit.content
    assert "\n    transaction = false;\n\n    public async up" in edit.content
    assert (
        "        const framed = queryRunner.isTransactionActive;\n"
        "        if (framed) await queryRunner.commitTransaction();\n"
        "        await queryRunner.query(`DROP INDEX CONCURRENTLY IF EXISTS ix`);\n"
        "        if (framed) await queryRunner.startTransaction();\n"
    ) in edit.content


def test_javascript_with_plain_names(tree: Write, tmp_path: Path) -> None:
    (project,) = found(tree({"m/1700000000000-add-users.js": PLAIN}))
    (edit,) = columns(project, tmp_path)
    assert edit.path.name == "1795429230000-add-status.js"
    assert "module.exports = class AddStatus1795429230000 {\n" in edit.content
    assert "name = 'AddStatus1795429230000';" in edit.content.replace('"', "'")
