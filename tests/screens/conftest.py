"""Fixtures for the screens: the shop on SQLite and on PostgreSQL, and a cursor that stands still."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from screen_shop import ROWS, TABLES, make_project, make_sqlite_shop
from servers import TestServer
from textual.widgets import Input

#: Where the snapshot plugin keeps its report.
_REPORT = "TEXTUAL_SNAPSHOT_TEMPDIR"
_REPORT_FOLDER = pytest.StashKey[str | None]()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Remember the folder before the environment of the tests is cleared."""
    session.config.stash[_REPORT_FOLDER] = os.environ.get(_REPORT)


@pytest.fixture
def sqlite_shop(tmp_path: Path) -> Path:
    """The project on SQLite."""
    return make_sqlite_shop(tmp_path / "shop")


@pytest.fixture
def postgres_shop(tmp_path: Path, postgres18: TestServer) -> Iterator[Path]:
    """The project on PostgreSQL 18."""
    import psycopg

    with postgres18.database("shop") as url:
        address = url.replace("postgresql+psycopg://", "postgresql://")
        with psycopg.connect(address, autocommit=True) as connection:
            for statement in (*TABLES, *ROWS):
                connection.execute(statement)
            connection.execute("ANALYZE")
        root = tmp_path / "shop"
        root.mkdir()
        yield make_project(root, url)


@pytest.fixture(autouse=True)
def still_cursor(monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config) -> None:
    """Keep cursors from blinking, so that a picture is always the same."""
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _: None)
    folder = pytestconfig.stash.get(_REPORT_FOLDER, None)
    if folder is not None:
        monkeypatch.setenv(_REPORT, folder)
