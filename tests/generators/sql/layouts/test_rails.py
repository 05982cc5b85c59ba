"""Rails: recognised by its classes; names, acronyms and the dump of the schema."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from layout_plans import NOW, ORDERS, columns, files, index, whole

from generators.base import Project
from generators.sql.layouts.rails import LAYOUT
from generators.sql.tree import survey
from wizard.model.plan import Change, Migration
from wizard.model.steps import CreateSync, DropSync, Sync

Write = Callable[[dict[str, str]], Path]
CLASS = "class Init < ActiveRecord::Migration[7.0]\n  def change\n  end\nend\n"
FOLDER = "db/migrate"


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def test_its_classes_are_certain(tree: Write) -> None:
    root = tree(
        {
            "Gemfile": "gem 'rails', '~> 7.1'\n",
            "db/structure.sql": "",
            f"{FOLDER}/001_init.rb": CLASS.replace("[7.0]", ""),
            f"{FOLDER}/20250101000000_add_users.rb": CLASS,
            f"{FOLDER}/20261123102030_add_orders.rb": f"# frozen_string_literal: true\n\n{CLASS}",
        }
    )
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / FOLDER, "high")
    assert project.heads == ("20261123102030",)
    assert [one.where for one in project.evidence] == [
        f"{FOLDER}/20261123102030_add_orders.rb",
        "Gemfile",
    ]
    assert (project.options["version"], project.options["dump"]) == ("7.0", "db/structure.sql")
    # Rails takes the next number when the time is not behind the newest.
    assert LAYOUT.next_versions(project, taken=(), now=NOW, count=1) == ("20261123102031",)
    assert LAYOUT.commands(project, ("1", "2")).revert == "bin/rails db:rollback STEP=2"


@pytest.mark.parametrize("text", ["Sequel.migration do\nend\n", "class A\nend\n"])
def test_what_is_not_its(tree: Write, text: str) -> None:
    assert found(tree({f"{FOLDER}/20250101000000_a.rb": text})) == []


def test_a_class(tmp_path: Path) -> None:
    (edit,) = columns("rails", tmp_path)
    assert edit.path == tmp_path / FOLDER / "20261123102030_add_status.rb"
    assert (
        "# Schema   db:migrate writes db/schema.rb anew: commit it with this file\n" in edit.content
    )
    assert whole(edit) == (
        "class AddStatus < ActiveRecord::Migration[8.1]\n"
        "  def up\n"
        "    execute <<~SQL\n      SET LOCAL lock_timeout = '2s'\n    SQL\n"
        "    execute <<~SQL\n"
        "      ALTER TABLE orders ADD COLUMN status text DEFAULT 'a`${b}\\\\\\#{c}?'\n"
        "    SQL\n"
        "  end\n\n"
        "  def down\n"
        "    execute <<~SQL\n      SET LOCAL lock_timeout = '2s'\n    SQL\n"
        "    execute <<~SQL\n      ALTER TABLE orders DROP COLUMN status\n    SQL\n"
        "  end\n"
        "end\n"
    )


def test_outside_a_transaction(tmp_path: Path) -> None:
    assert whole(index("rails", tmp_path)[1]).startswith(
        "class AddIx < ActiveRecord::Migration[8.1]\n"
        "  disable_ddl_transaction!\n\n"
        "  def up\n"
        "    execute <<~SQL\n"
        "      CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON orders (status)\n"
        "    SQL\n"
    )


def test_acronyms_the_magic_line_and_a_name_that_is_taken(tree: Write, tmp_path: Path) -> None:
    root = tree(
        {
            "config/initializers/inflections.rb": "  inflect.acronym 'STATUS'\n",
            f"{FOLDER}/20250101000000_add_status.rb": f"# frozen_string_literal: true\n\n{CLASS}",
        }
    )
    (project,) = found(root)
    (edit,) = columns(project, tmp_path)
    assert edit.path.name == "20261123102030_add_status_2.rb"
    assert edit.content.startswith("# frozen_string_literal: true\n\n# Plan")
    assert "class AddSTATUS2 < ActiveRecord::Migration[7.0]" in edit.content


def test_a_dump_in_ruby_holds_no_triggers(tmp_path: Path) -> None:
    sync = Sync(name="s", table=ORDERS, old="a", new="b")
    change = Change(step=CreateSync(sync=sync), undo=(DropSync(sync=sync),))
    (edit,) = files("rails", tmp_path, Migration(slug="x", title="x", changes=(change,)))
    assert "it holds no triggers and functions" in " ".join(edit.content.replace("\n#", "").split())
