"""Ecto: recognised by its modules; Elixir's own parser reads what is written."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import tools
from layout_plans import NOW, columns, index, whole

from generators.base import Project
from generators.sql.layouts.ecto import LAYOUT
from generators.sql.tree import survey

Write = Callable[[dict[str, str]], Path]
MODULE = (
    "defmodule Shop.Repo.Migrations.{} do\n  use Ecto.Migration\n\n  def change do\n  end\nend\n"
)
FOLDER = "priv/repo/migrations"


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def test_its_modules_are_certain(tree: Write) -> None:
    root = tree(
        {
            "mix.exs": '  defp deps, do: [{:ecto_sql, "~> 3.13"}]\n',
            f"{FOLDER}/.formatter.exs": "[import_deps: [:ecto_sql]]\n",
            f"{FOLDER}/20250101000000_users.exs": MODULE.format("Users"),
            "priv/other_repo/migrations/20250102000000_a.exs": MODULE.format("A"),
        }
    )
    other, project = sorted(found(root), key=lambda one: str(one.directory))
    assert other.directory == root / "priv/other_repo/migrations"
    assert (project.directory, project.confidence) == (root / FOLDER, "high")
    assert (project.heads, project.evidence[1].where) == (("20250101000000",), "mix.exs")
    assert project.options["module"] == "Shop.Repo.Migrations"
    assert LAYOUT.next_versions(project, taken=(), now=NOW, count=1) == ("20261123102030",)


def test_an_empty_folder_of_a_project_with_ecto(tree: Write) -> None:
    root = tree({"mix.exs": 'app: :my_shop,\n{:ecto_sql, "~> 3"}\n', f"{FOLDER}/.keep": ""})
    (project,) = found(root)
    assert (project.confidence, project.options["module"]) == ("medium", "MyShop.Repo.Migrations")


def test_what_is_not_its(tree: Write) -> None:
    assert found(tree({f"{FOLDER}/20250101000000_a.exs": "IO.puts(1)\n"})) == []


def test_a_module(tmp_path: Path) -> None:
    (edit,) = columns("ecto", tmp_path)
    assert edit.path == tmp_path / FOLDER / "20261123102030_add_status.exs"
    assert whole(edit) == (
        "defmodule MyApp.Repo.Migrations.AddStatus do\n"
        "  use Ecto.Migration\n\n"
        "  def up do\n"
        '    execute("""\n    SET LOCAL lock_timeout = \'2s\'\n    """)\n\n'
        '    execute("""\n'
        "    ALTER TABLE orders ADD COLUMN status text DEFAULT 'a`${b}\\\\\\#{c}?'\n"
        '    """)\n'
        "  end\n\n"
        "  def down do\n"
        '    execute("""\n    SET LOCAL lock_timeout = \'2s\'\n    """)\n\n'
        '    execute("""\n    ALTER TABLE orders DROP COLUMN status\n    """)\n'
        "  end\n"
        "end\n"
    )


def test_outside_a_transaction_and_the_runner_s_lock(tmp_path: Path) -> None:
    assert whole(index("ecto", tmp_path)[1]).startswith(
        "defmodule MyApp.Repo.Migrations.AddIx do\n"
        "  use Ecto.Migration\n\n"
        "  @disable_ddl_transaction true\n"
        "  @disable_migration_lock true\n\n"
        "  def up do\n"
        '    execute("""\n'
        "    CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON orders (status)\n"
        '    """)\n'
    )


def test_one_connection_where_there_is_no_transaction(tmp_path: Path) -> None:
    (edit,) = columns("ecto", tmp_path, engine="mariadb")
    assert "    repo().checkout(fn ->\n" in edit.content
    assert edit.content.count("repo().query!(") == 4


def test_a_name_that_is_taken(tree: Write, tmp_path: Path) -> None:
    (project,) = found(
        tree({f"{FOLDER}/20250101000000_add_status.exs": MODULE.format("AddStatus")})
    )
    (edit,) = columns(project, tmp_path)
    assert edit.path.name == "20261123102030_add_status_2.exs"
    assert "defmodule Shop.Repo.Migrations.AddStatus2 do" in edit.content


@pytest.mark.real_tool
def test_files_are_as_elixir_formats_them(tmp_path: Path) -> None:
    program = tools.program("elixir", "needs Elixir: apt-get install elixir")
    edits = [*columns("ecto", tmp_path), *index("ecto", tmp_path)]
    edits += columns("ecto", tmp_path, engine="mariadb")
    paths = [tmp_path / f"{number}.exs" for number in range(len(edits))]
    for path, edit in zip(paths, edits, strict=True):
        path.write_text(edit.content)
    # Raises for what does not parse.
    form = 'File.write!(f, [Code.format_string!(File.read!(f)), "\\n"])'
    words = [program, "-e", f"for f <- System.argv(), do: {form}", *map(str, paths)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [path.read_text() for path in paths] == [edit.content for edit in edits]
