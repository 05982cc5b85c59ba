"""Drizzle with a journal: what it is known by, and what else must change with a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from layout_plans import NOW, columns, files, index, whole

from generators.base import Project
from generators.sql.layouts.drizzle import LAYOUT
from generators.sql.tree import survey
from wizard.model.errors import ConflictError
from wizard.model.names import TableName
from wizard.model.plan import Change, Migration
from wizard.model.schema import Column
from wizard.model.steps import SetDefault

Write = Callable[[dict[str, str]], Path]
WHEN = 1_763_200_000_000


def journal(*tags: str, dialect: str = "postgresql", when: int = WHEN) -> str:
    entries = [
        {"idx": at, "version": "7", "when": when + at, "tag": tag, "breakpoints": True}
        for at, tag in enumerate(tags)
    ]
    return json.dumps({"version": "7", "dialect": dialect, "entries": entries}, indent=2)


def history(
    folder: str, *tags: str, dialect: str = "postgresql", when: int = WHEN
) -> dict[str, str]:
    return {
        f"{folder}/meta/_journal.json": journal(*tags, dialect=dialect, when=when),
        **{f"{folder}/{tag}.sql": "SELECT 1;" for tag in tags},
    }


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def test_a_journal_is_certain(tree: Write) -> None:
    root = tree(
        {"package.json": '{"dependencies": {"drizzle-orm": "^0.45.4"}}'}
        | history("packages/db/drizzle", "0000_great_sersi", "0001_flaky_hulk", dialect="sqlite")
    )
    (project,) = found(root)
    assert project.directory == root / "packages/db/drizzle"
    assert (project.confidence, project.heads) == ("high", ("0001",))
    assert (project.transactions, project.options["engine"]) == ("whole run", "sqlite")
    assert [one.where for one in project.evidence] == [
        "packages/db/drizzle/meta/_journal.json",
        "package.json",
    ]


@pytest.mark.parametrize(
    "files",
    [
        {"drizzle/0000_a.sql": ""},
        {
            "drizzle/20250101000000_a/migration.sql": "",
            "drizzle/20250101000000_a/snapshot.json": "",
        },
    ],
)
def test_what_is_not_its(tree: Write, files: dict[str, str]) -> None:
    assert found(tree(files)) == []


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (("0000_a", "0001_b"), "0002"),
        (("20250101000000_a",), "20261123102030"),
        (("0009_a", "0011_b"), "0012"),
    ],
)
def test_the_next_version(tree: Write, tags: tuple[str, ...], expected: str) -> None:
    (project,) = found(tree(history("drizzle", *tags)))
    assert LAYOUT.next_versions(project, taken=(), now=NOW, count=1) == (expected,)


def test_a_file_its_way_back_and_the_journal(tmp_path: Path) -> None:
    up, down, made = columns("drizzle", tmp_path)
    assert up.path == tmp_path / "drizzle/0000_add_status.sql"
    assert whole(up) == (
        "SET LOCAL lock_timeout = '2s';\n"
        "--> statement-breakpoint\n"
        "ALTER TABLE orders ADD COLUMN status text DEFAULT 'a`${b}\\#{c}?';\n"
    ).replace(";\n-->", ";-->")
    assert "DELETE FROM drizzle.__drizzle_migrations" in down.content
    entry = {"idx": 0, "version": "7", "when": int(NOW.timestamp() * 1000), "breakpoints": True}
    assert json.loads(made.content)["entries"] == [{**entry, "tag": "0000_add_status"}]


def test_an_index_is_built_by_hand_or_at_once(tmp_path: Path) -> None:
    edits = index("drizzle", tmp_path)
    (alone,) = [one for one in edits if one.path.parent.name == "by_hand"]
    assert whole(alone) == "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON orders (status);\n"
    (inside,) = [
        one
        for one in edits
        if one.path.name == "0001_add_ix.sql" and one.path.parent.name == "drizzle"
    ]
    assert "run by_hand/0001_add_ix.sql, then Drizzle again" in inside.up
    assert "        CREATE INDEX ix ON orders (status);\n" in inside.up
    assert "CONCURRENTLY" not in inside.up


def test_the_journal_goes_on_as_it_was_and_its_snapshot_too(tree: Write, tmp_path: Path) -> None:
    ahead = int(datetime(2027, 1, 1, tzinfo=UTC).timestamp() * 1000)
    text = history("drizzle", "0000_a", when=ahead)
    text["drizzle/meta/_journal.json"] = (
        text["drizzle/meta/_journal.json"].replace("  ", "\t") + "\n"
    )
    text["drizzle/meta/0000_snapshot.json"] = '{"id": "a", "prevId": "0", "tables": {}}'
    (project,) = found(tree(text))
    *_, edited, snapshot = columns(project, tmp_path)
    assert edited.before == text["drizzle/meta/_journal.json"]
    assert edited.content.startswith('{\n\t"version"')
    assert edited.content.endswith("}\n")
    assert json.loads(edited.content)["entries"][1]["when"] == ahead + 1
    assert snapshot.path.name == "0001_snapshot.json"
    assert json.loads(snapshot.content)["prevId"] == "a"


@pytest.mark.parametrize("text", ["{", "[]", '{"entries": [{"idx": 0}]}'])
def test_a_broken_journal_stops(tree: Write, tmp_path: Path, text: str) -> None:
    root = tree({"drizzle/0000_a.sql": "", "drizzle/meta/_journal.json": text})
    (project,) = found(root)
    with pytest.raises(ConflictError) as raised:
        columns(project, tmp_path)
    assert raised.value.code == "broken-history"


def test_text_that_reads_like_a_breakpoint_is_refused(tmp_path: Path) -> None:
    column = Column(name="a", type="text")
    step = SetDefault(table=TableName("t"), column=column, default="'--> statement-breakpoint'")
    migration = Migration(slug="x", title="x", changes=(Change(step=step, undo=()),))
    with pytest.raises(ConflictError) as raised:
        files("drizzle", tmp_path, migration)
    assert raised.value.code == "section-mark"
