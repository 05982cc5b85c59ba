"""A plan file changes only where its plan does, also where sections come, go and change places."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from projects import make_alembic_project

from wizard.journal import Journal, JournalFile, read, to_text
from wizard.model.answers import Answers, OperationAnswers
from wizard.model.schema import Index, Table
from wizard.session import Environment, Session

RICH = """
CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint REFERENCES customers (id),
    status varchar(20) NOT NULL DEFAULT 'a' CHECK (status <> ''),
    note text UNIQUE
);
CREATE INDEX ix_a ON orders (status);
CREATE INDEX ix_b ON orders (note, status);
CREATE INDEX ix_c ON orders (note) WHERE note IS NOT NULL;
CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint REFERENCES orders (id));
"""
#: What people write into it by hand: beside a line, above a section, right under its last line.
BY_HAND = {
    'name = "contract"': 'name = "contract"   # not on a Friday',
    '[[before.table.indexes]]\nname = "ix_b"': (
        "# Ann needs ix_b.\n# Until May.\n[[before.table.indexes]]\nname   = 'ix_b'"
    ),
    'where = "note IS NOT NULL"\n': 'where = "note IS NOT NULL"\n# the end of ix_c\n',
    '[[phase]]\nname = "validate"': '# before validate\n\n\n[[phase]]\nname = "validate"',
}


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A plan file that people have worked on."""
    root = tmp_path_factory.mktemp("rich")
    make_alembic_project(root)
    (root / "schema.sql").write_text(RICH)
    operation = OperationAnswers(kind="rename_column").put("table", "orders")
    operation = operation.put("column", "status").put("to", "state").put("how", "sync")
    answers = Answers(operations=(operation,))
    for place, value in (
        ("rollout.rows", 120_000_000),
        ("database.schema", "schema.sql"),
        ("database.dialect", "postgresql"),
        ("database.server_version", "16"),
    ):
        answers = answers.put(place, value)
    now = datetime(2026, 11, 23, 10, 20, tzinfo=UTC)
    written = Session(Environment(root=root, environ={}, now=now, seed="test"), answers).write()
    assert written.journal.path is not None
    found = written.journal.path.read_text()
    for old, new in BY_HAND.items():
        assert found.count(old) == 1
        found = found.replace(old, new)
    return found


@pytest.fixture
def journal(text: str, tmp_path: Path) -> Journal:
    path = tmp_path / "plan.toml"
    path.write_text(text)
    return read(path)


def indexed(journal: Journal, indexes: Iterable[Index]) -> Journal:
    (table,) = journal.tables
    return replace(journal, tables=(replace(table, indexes=tuple(indexes)),))


def without(table: Table, *names: str) -> tuple[Index, ...]:
    return tuple(one for one in table.indexes if one.name not in names)


def changes(old: str, new: str) -> list[str]:
    """The lines that differ, each with its sign."""
    found = difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")
    return [one for one in found if not one.startswith(("---", "+++", "@@"))]


def test_nothing_changes_where_nothing_did(text: str, journal: Journal) -> None:
    assert to_text(journal, text) == text


def test_sections_come_and_go_and_leave_no_trace(text: str, journal: Journal) -> None:
    (table,) = journal.tables
    new = replace(table.indexes[-1], name="ix_new")
    now = text
    for _ in range(3):
        more = to_text(indexed(journal, (new, *table.indexes)), now)
        less = to_text(indexed(journal, without(table, "orders_pkey", "ix_a")), more)
        now = to_text(journal, less)
        assert now == text


def test_one_that_goes_takes_only_its_lines(text: str, journal: Journal) -> None:
    (table,) = journal.tables
    less = to_text(indexed(journal, without(table, "ix_a")), text)
    gone = '[[before.table.indexes]]\nname = "ix_a"\nparts = [\n    {column = "status"},\n]\n\n'
    assert text.count(gone) == 1
    assert less == text.replace(gone, "")
    # What stands above the next one is about that.
    assert "\n\n# Ann needs ix_b.\n# Until May.\n[[before.table.indexes]]\nname   = 'ix_b'" in less


def test_one_that_moves_takes_its_comments_along(text: str, journal: Journal) -> None:
    (table,) = journal.tables
    indexes = {one.name: one for one in table.indexes}
    moved = (indexes.pop("ix_b"), *indexes.values())
    now = to_text(indexed(journal, moved), text)
    assert sorted(now.splitlines()) == sorted(text.splitlines())
    assert "\n\n# Ann needs ix_b.\n# Until May.\n[[before.table.indexes]]\nname   = 'ix_b'" in now
    assert now.count("\n\n\n") == text.count("\n\n\n")
    assert "# the end of ix_c\n\n[[before.table.referenced_by]]" in now


def test_a_phase_that_is_written_changes_only_its_lines(text: str, journal: Journal) -> None:
    file = JournalFile(path="a.py", revision="1", sha256="0")
    phases = [
        replace(one, written="2026-11-24T00:00:00Z", files=(file,))
        if one.name == "backfill"
        else one
        for one in journal.phases
    ]
    now = to_text(replace(journal, phases=tuple(phases)), text)
    assert changes(text, now) == [
        *('-status = "waiting"', '+status = "written"', '+written = "2026-11-24T00:00:00Z"', "+"),
        *("+[[phase.file]]", '+path = "a.py"', '+revision = "1"', '+sha256 = "0"'),
    ]
    assert '\nsha256 = "0"\n\n# before validate\n\n\n[[phase]]\nname = "validate"' in now
    assert to_text(journal, now) == text


def test_sections_without_a_name_keep_their_lines_too(text: str, journal: Journal) -> None:
    (table,) = journal.tables
    nameless = tuple(replace(one, name="") for one in table.constraints)
    full = to_text(replace(journal, tables=(replace(table, constraints=nameless),)), text)
    for at in range(len(nameless)):
        fewer = replace(table, constraints=(*nameless[:at], *nameless[at + 1 :]))
        gone = changes(full, to_text(replace(journal, tables=(fewer,)), full))
        assert 0 < len(gone) < 9
        assert all(one.startswith("-") for one in gone)
