"""Kysely: recognised by its import; what no transaction may hold is for a person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from layout_plans import NOW, columns, index, whole

from generators.base import Project
from generators.sql.layouts.kysely import LAYOUT
from generators.sql.tree import survey

Write = Callable[[dict[str, str]], Path]
TYPED = (
    "import { Kysely, sql } from 'kysely'\n\n"
    "export async function up(db: Kysely<any>): Promise<void> {\n"
    "\tawait sql`SELECT 1`.execute(db)\n}\n"
)


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


@pytest.mark.parametrize(
    ("name", "version", "file"),
    [
        ("1700000000000_init", "1795429230000", "1795429230000_add_status.ts"),
        ("20250101T000000Z-init-all", "20261123102030", "20261123T102030Z-add-status.ts"),
        ("20250101T000000123Z-init-it", "20261123102030000", "20261123T102030000Z-add-status.ts"),
        ("001_init", "002", "002_add_status.ts"),
    ],
)
def test_names_as_the_newest(
    tree: Write, tmp_path: Path, name: str, version: str, file: str
) -> None:
    root = tree({"package.json": '{"dependencies": {"kysely": "^0.28.0"}}', f"m/{name}.ts": TYPED})
    (project,) = found(root)
    assert (project.confidence, project.evidence[1].where) == ("high", "package.json")
    assert LAYOUT.next_versions(project, taken=(), now=NOW, count=1) == (version,)
    (edit,) = columns(project, tmp_path)
    assert edit.path.name == file


@pytest.mark.parametrize("text", ["import { Knex } from 'knex';\n", "export function up() {}\n"])
def test_what_is_not_its(tree: Write, text: str) -> None:
    assert found(tree({"migrations/1700000000000_a.ts": text})) == []


def test_functions(tmp_path: Path) -> None:
    (edit,) = columns("kysely", tmp_path)
    assert whole(edit) == (
        "import { type Kysely, sql } from 'kysely';\n\n"
        "export async function up(db: Kysely<unknown>): Promise<void> {\n"
        "  await sql`SET LOCAL lock_timeout = '2s'`.execute(db);\n"
        "  await sql`ALTER TABLE orders ADD COLUMN status text "
        "DEFAULT 'a\\`\\${b}\\\\#{c}?'`.execute(db);\n"
        "}\n\n"
        "export async function down(db: Kysely<unknown>): Promise<void> {\n"
        "  await sql`SET LOCAL lock_timeout = '2s'`.execute(db);\n"
        "  await sql`ALTER TABLE orders DROP COLUMN status`.execute(db);\n"
        "}\n"
    )


def test_a_transaction_of_its_own_where_there_is_none(tmp_path: Path) -> None:
    (edit,) = columns("kysely", tmp_path, engine="sqlite")
    assert "  await db.transaction().execute(async (trx) => {\n    await sql`PRAGMA" in edit.content
    assert ".execute(trx);\n  });\n}\n" in edit.content


def test_an_index_is_built_by_hand_or_at_once(tmp_path: Path) -> None:
    edits = index("kysely", tmp_path)
    alone = [one for one in edits if one.path.parent.name == "by_hand"]
    assert [whole(one) for one in alone] == [
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON orders (status);\n",
        "DROP INDEX CONCURRENTLY IF EXISTS ix;\n",
    ]
    build = next(one for one in edits if one.path.name.endswith("1_add_ix.ts"))
    assert "run by_hand/1795429230001_add_ix.sql, then Kysely again" in build.up
    assert "        CREATE INDEX ix ON orders (status);\n" in build.up
    assert "run by_hand/1795429230001_add_ix.down.sql, then Kysely again" in build.down
    assert "        DROP INDEX ix;\n" in build.down
    assert "CONCURRENTLY" not in build.content
