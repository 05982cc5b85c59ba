"""golang-migrate: recognised by the tool's name near a folder with pairs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generators.base import Project
from generators.sql.layouts.golang_migrate import LAYOUT
from generators.sql.tree import survey

Write = Callable[[dict[str, str]], Path]
MODULE = "module x\n\nrequire github.com/golang-migrate/migrate/v4 v4.19.0\n"


def pairs(folder: str, *stems: str, text: str = "SELECT 1;\n") -> dict[str, str]:
    return {f"{folder}/{stem}.{side}.sql": text for stem in stems for side in ("up", "down")}


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def test_pairs_below_a_module_that_requires_it_are_certain(tree: Write) -> None:
    root = tree({"go.mod": MODULE} | pairs("internal/db/sql", "000001_users", "000002_orders"))
    (project,) = found(root)
    assert project.directory == root / "internal/db/sql"
    assert project.confidence == "high"
    assert project.heads == ("000002",)
    assert project.latest == "000002_orders.up.sql"
    assert project.pattern == "6-digit counter_words.up.sql"
    assert [one.where for one in project.evidence] == [
        "internal/db/sql/000002_orders.up.sql",
        "go.mod",
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Makefile", 'up:\n\tmigrate -path db/sql -database "$$URL" up\n'),
        ("compose.yaml", "services:\n  m:\n    image: migrate/migrate:v4\n"),
        ("scripts/db", "migrate create -ext sql -dir db/sql -seq $1\n"),
        (".github/workflows/ci.yml", "run: migrate -source file://db/sql -database $URL up\n"),
    ],
)
def test_a_call_of_the_tool_is_evidence(tree: Write, name: str, text: str) -> None:
    (project,) = found(tree({name: text} | pairs("db/sql", "1_a")))
    assert project.confidence == "high"
    assert project.evidence[-1].where == name


def test_pairs_alone_are_a_guess(tree: Write) -> None:
    (project,) = found(tree(pairs("db", "1_a")))
    assert project.confidence == "medium"


@pytest.mark.parametrize(
    "files",
    [
        {"Cargo.toml": '[dependencies]\nsqlx = { version = "0.8" }\n'},
        {"db/2_x.up.sql": "-- no-transaction\nSELECT 1;\n"},
        {"go.mod": "require github.com/uptrace/bun v1.2.0\n"},
    ],
)
def test_pairs_of_other_runners_are_left_to_them(tree: Write, files: dict[str, str]) -> None:
    assert found(tree(pairs("db", "1_a") | files)) == []


def test_an_empty_folder_that_the_tool_is_told_to_use_counts(tree: Write) -> None:
    root = tree({"Makefile": "migrate -path ./sql -database $U up\n", "sql/.keep": ""})
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / "sql", "medium")


def test_names_follow_the_newest_files(tree: Write) -> None:
    root = tree({"go.mod": MODULE} | pairs("m", "9_add-users", "10_add-orders", "11_drop-x"))
    (project,) = found(root)
    assert project.heads == ("11",)
    assert project.options["words"] == "-"


def test_several_and_nested_folders_are_all_found(tree: Write) -> None:
    root = tree(
        {"a/go.mod": MODULE}
        | pairs("a/migrations/postgres", "1_a")
        | pairs("a/migrations/mysql", "1_a")
        | pairs("b/migrations", "1_a")
        | pairs("vendor/x/migrations", "1_a")
        | pairs("web/node_modules/x/migrations", "1_a")
    )
    projects = {one.directory.relative_to(root).as_posix(): one.confidence for one in found(root)}
    assert projects == {
        "a/migrations/postgres": "high",
        "a/migrations/mysql": "high",
        "b/migrations": "medium",
    }


def test_links_are_not_followed(tree: Write, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "1_a.up.sql").write_text("")
    root = tree({"go.mod": MODULE})
    (root / "migrations").symlink_to(outside)
    (root / "loop").symlink_to(root)
    assert found(root) == []


def test_splitting_at_semicolons_is_a_problem(tree: Write) -> None:
    url = "URL=postgres://me:secret@db/x?x-multi-statement=true\n"
    (project,) = found(tree({"go.mod": MODULE, ".env": url} | pairs("m", "1_a")))
    assert ".env sets x-multi-statement=true" in project.problems[0]
    assert "secret" not in repr(project)


def test_unreadable_and_odd_files_are_skipped(tree: Write) -> None:
    root = tree({"go.mod": MODULE} | pairs("m", "1_a") | {"m/README.md": "", "m/x_y.up.sql": ""})
    (root / "Makefile").write_bytes(b"\0\xff")
    (root / "m" / "2_binary.up.sql").write_bytes(b"\0\xff\xfe")
    (project,) = found(root)
    assert project.heads == ("2",)
