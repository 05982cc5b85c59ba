"""Bodies in formatted SQL, cut by Liquibase itself with every delimiter that is written."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from real_tools import Place
from real_tools.liquibase import DRIVER

from generators.base import FileEdit
from generators.sql.layout import Draft, Section, Statement
from generators.sql.layouts.liquibase import LAYOUT
from wizard import writer
from wizard.dialects import dialect

NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)
TRIGGER = "CREATE TRIGGER r{n} AFTER INSERT ON t BEGIN\n    UPDATE t SET a = '{text}';\nEND"


def section(*texts: str) -> Section:
    return Section(statements=tuple(Statement(sql=text) for text in texts))


@pytest.mark.real_tool
def test_bodies_are_cut_where_they_end(tmp_path: Path) -> None:
    DRIVER.bring()
    project = LAYOUT.imagine(tmp_path)
    texts = ["'';", "http://x", "// %%", "// %% ^^"]
    files = []
    for n, text in enumerate(texts):
        draft = Draft(
            version=str(n),
            slug="x",
            header=(),
            dialect=dialect("sqlite", (3, 45)),
            up=section(TRIGGER.format(n=n, text=text), "INSERT INTO t VALUES (1)"),
            down=section(f"DROP TRIGGER r{n}", TRIGGER.format(n=9, text=text), "DROP TRIGGER r9"),
        )
        files += LAYOUT.write(project, draft)
    edits = [
        FileEdit(path=project.directory / one.name, content=one.content, phase="expand")
        for one in files
    ]
    edits += [
        FileEdit(path=one.path, content=one.content, phase="expand")
        for one in LAYOUT.companions(project, files, now=NOW)
    ]
    writer.write(edits, root=tmp_path)
    place = Place(engine="sqlite", url=f"sqlite:///{tmp_path}/x.db", home=tmp_path)
    with sqlite3.connect(place.database) as connection:
        connection.execute("CREATE TABLE t (a text)")

    def triggers() -> dict[str, str]:
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        return dict(sqlite3.connect(place.database).execute(query).fetchall())

    DRIVER.up(project, place)
    assert triggers() == {f"r{n}": TRIGGER.format(n=n, text=text) for n, text in enumerate(texts)}
    undone = [
        FileEdit(path=Path(one.name), content="", phase="expand", revision=str(n))
        for n, one in enumerate(files)
    ]
    DRIVER.down(project, place, undone)
    assert triggers() == {}
