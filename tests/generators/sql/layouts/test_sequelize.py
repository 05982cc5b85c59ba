"""Sequelize and umzug: recognised by the query interface."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from layout_plans import NOW, columns, index, whole

from generators.base import Project
from generators.sql.layouts.sequelize import LAYOUT
from generators.sql.tree import survey

Write = Callable[[dict[str, str]], Path]
PLAIN = "'use strict';\n\nmodule.exports = {\n  async up(queryInterface, Sequelize) {\n  },\n};\n"
UMZUG = (
    'import { DataTypes } from "sequelize";\n\n'
    "export const up = async ({ context: queryInterface }: any) => {\n"
    "    await queryInterface.dropTable('a');\n};\n"
)


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def test_its_interface_is_certain(tree: Write) -> None:
    root = tree(
        {
            "package.json": '{"devDependencies": {"sequelize-cli": "^6.6.0"}}',
            "db/migrations/20250101000000-create-users.js": PLAIN,
            "db/migrations/20250102000000-add-orders.js": PLAIN,
        }
    )
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / "db/migrations", "high")
    assert (project.heads, project.transactions) == (("20250102000000",), "none")
    assert LAYOUT.next_versions(project, taken=(), now=NOW, count=1) == ("20261123102030",)


def test_a_folder_that_its_settings_name(tree: Write) -> None:
    text = "module.exports = { 'migrations-path': path.resolve('db/changes') };\n"
    (project,) = found(tree({".sequelizerc": text, "db/changes/.keep": ""}))
    assert project.confidence == "medium"


@pytest.mark.parametrize("text", ["exports.up = (knex) => {};\n", "export default {};\n"])
def test_what_is_not_its(tree: Write, text: str) -> None:
    assert found(tree({"migrations/20250101000000-a.js": text})) == []


def test_a_transaction_that_each_query_names(tmp_path: Path) -> None:
    (edit,) = columns("sequelize", tmp_path)
    assert edit.path == tmp_path / "migrations/20261123102030-add-status.js"
    assert whole(edit) == (
        "'use strict';\n\n"
        "/** @type {import('sequelize-cli').Migration} */\n"
        "module.exports = {\n"
        "  async up(queryInterface) {\n"
        "    await queryInterface.sequelize.transaction(async (transaction) => {\n"
        "      await queryInterface.sequelize.query(`SET LOCAL lock_timeout = '2s'`, "
        "{ transaction });\n"
        "      await queryInterface.sequelize.query(`ALTER TABLE orders ADD COLUMN status text "
        "DEFAULT 'a\\`\\${b}\\\\#{c}?'`, { transaction });\n"
        "    });\n"
        "  },\n\n"
        "  async down(queryInterface) {\n"
        "    await queryInterface.sequelize.transaction(async (transaction) => {\n"
        "      await queryInterface.sequelize.query(`SET LOCAL lock_timeout = '2s'`, "
        "{ transaction });\n"
        "      await queryInterface.sequelize.query(`ALTER TABLE orders DROP COLUMN status`, "
        "{ transaction });\n"
        "    });\n"
        "  },\n"
        "};\n"
    )


def test_umzug_in_typescript(tree: Write, tmp_path: Path) -> None:
    (project,) = found(tree({"migrations/20250101000000_a.ts": UMZUG}))
    edit = index(project, tmp_path)[1]
    assert edit.path.name == "20261123102031_add_ix.ts"
    assert (
        "export async function up({ context: queryInterface }: { context: QueryInterface }): "
        "Promise<void> {\n"
        "    await queryInterface.sequelize.query(`CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON "
        "orders (status)`);\n}\n"
    ) in edit.content
