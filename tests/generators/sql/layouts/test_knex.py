"""Knex: recognised by its functions, written as the newest files are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from layout_plans import NOW, columns, files, index, whole

from generators.base import Project
from generators.sql.layouts.knex import LAYOUT
from generators.sql.tree import survey
from wizard.model.errors import ConflictError
from wizard.model.names import TableName
from wizard.model.plan import Change, Migration
from wizard.model.schema import Column
from wizard.model.steps import SetDefault

Write = Callable[[dict[str, str]], Path]
COMMONJS = (
    "exports.up = function(knex) {\n    return knex.schema.createTable('a', t => t.increments())\n}\n\n"
    "exports.down = function(knex) {\n    return knex.schema.dropTable('a')\n}\n"
)
TYPED = (
    'import { Knex } from "knex";\n\nexport async function up(knex: Knex): Promise<void> {\n'
    '\tawait knex.raw("SELECT 1");\n}\n'
)


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def test_the_newest_files_tell_the_hand(tree: Write) -> None:
    root = tree(
        {
            "package.json": '{"dependencies": {"knex": "^3.1.0"}}',
            "db/migrations/20240101000000_users.js": COMMONJS,
            "db/migrations/20250101000000_orders.ts": TYPED,
            "db/migrations/index.d.ts": "",
        }
    )
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / "db/migrations", "high")
    assert project.evidence[1].where == "package.json"
    assert project.heads == ("20250101000000",)
    assert {key: project.options[key] for key in ("ending", "module", "quote")} == {
        "ending": ".ts",
        "module": "es",
        "quote": '"',
    }
    assert LAYOUT.next_versions(project, taken=(), now=NOW, count=2) == (
        "20261123102030",
        "20261123102031",
    )


def test_a_folder_that_the_knexfile_names(tree: Write) -> None:
    text = "module.exports = {\n  migrations: {\n    directory: './data/changes',\n  },\n};\n"
    root = tree({"knexfile.js": text, "data/changes/.keep": "", "data/seeds/.keep": ""})
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / "data/changes", "medium")


@pytest.mark.parametrize(
    "text",
    [
        "module.exports = { up: async (queryInterface) => {} };\n",
        "import { Kysely } from 'kysely';\nexport async function up(db: Kysely<any>) {}\n",
        "exports.up = (pgm) => {};\n",
    ],
)
def test_what_is_not_its(tree: Write, text: str) -> None:
    assert found(tree({"migrations/20250101000000_a.js": text})) == []


def test_javascript(tmp_path: Path) -> None:
    (edit,) = columns("knex", tmp_path)
    assert edit.path == tmp_path / "migrations/20261123102030_add_status.js"
    doc = '/**\n * @param { import("knex").Knex } knex\n * @returns { Promise<void> }\n */\n'
    assert edit.content.startswith("// Plan     a-change")
    assert whole(edit) == (
        f"{doc}exports.up = async function (knex) {{\n"
        "  await knex.raw(`SET LOCAL lock_timeout = '2s'`);\n"
        "  await knex.raw(`ALTER TABLE orders ADD COLUMN status text "
        "DEFAULT 'a\\`\\${b}\\\\#{c}\\\\?'`);\n"
        "};\n\n"
        f"{doc}exports.down = async function (knex) {{\n"
        "  await knex.raw(`SET LOCAL lock_timeout = '2s'`);\n"
        "  await knex.raw(`ALTER TABLE orders DROP COLUMN status`);\n"
        "};\n"
    )
    # Elsewhere a question mark is no binding.
    (edit,) = columns("knex", tmp_path, engine="mariadb")
    assert "#{c}?'" in edit.content


def test_typescript_without_a_transaction(tree: Write, tmp_path: Path) -> None:
    (project,) = found(tree({"migrations/1_a.ts": TYPED}))
    edit = index(project, tmp_path)[1]
    assert edit.language == "typescript"
    assert whole(edit) == (
        'import type { Knex } from "knex";\n\n'
        "export async function up(knex: Knex): Promise<void> {\n"
        "\tawait knex.raw(`CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON orders (status)`);\n"
        "}\n\n"
        "export async function down(knex: Knex): Promise<void> {\n"
        "\tawait knex.raw(`DROP INDEX CONCURRENTLY IF EXISTS ix`);\n"
        "}\n\n"
        "export const config = { transaction: false };\n"
    )


def test_a_project_without_semicolons(tree: Write, tmp_path: Path) -> None:
    (project,) = found(tree({"migrations/1_a.js": COMMONJS}))
    (edit,) = columns(project, tmp_path)
    assert "\n    await knex.raw(`ALTER TABLE orders DROP COLUMN status`)\n}\n" in edit.content


def test_a_backslash_before_a_question_mark_is_refused(tmp_path: Path) -> None:
    step = SetDefault(table=TableName("t"), column=Column(name="a", type="text"), default="'a\\?'")
    migration = Migration(slug="x", title="x", changes=(Change(step=step, undo=()),))
    with pytest.raises(ConflictError) as raised:
        files("knex", tmp_path, migration)
    assert raised.value.code == "section-mark"
