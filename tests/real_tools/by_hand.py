"""Ways back of runners that have none: run as the files' headers say, newest first."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import majors
import psycopg
import pytest
import tools

from generators.base import FileEdit

from .places import Place


def take_back(place: Place, edits: Sequence[FileEdit], *, forget: str) -> None:
    """Run the downgrades of files, the newest first.

    ``forget`` is the statement, with ``{version}`` in it, that makes the runner forget a file.
    """
    for one in reversed([each for each in edits if each.down]):
        for text in (one.content, forget.format(version=one.revision)):
            run(place, text)


def run(place: Place, text: str) -> None:
    """Run SQL as a client that adds no transaction of its own."""
    if place.engine == "sqlite":
        connection = sqlite3.connect(place.database, isolation_level=None)
        connection.executescript(text)
        connection.close()
    elif place.engine == "postgresql":
        with psycopg.connect(place.url.replace("+psycopg", ""), autocommit=True) as session:
            session.execute(text.encode())
    else:
        path = place.home / "by_hand.sql"
        path.write_text(text)
        run_file(place, path)


def run_file(place: Place, path: Path, *, one_transaction: bool = False) -> None:
    """Run a file with the engine's own client; raises CalledProcessError."""
    words: list[str | Path]
    if place.engine == "sqlite":
        run(place, path.read_text())
    elif place.engine == "postgresql":
        binaries = majors.binaries_of(18)
        if binaries is None:
            pytest.skip(majors.how_to_get(18))
        single = ["--single-transaction"] if one_transaction else []
        words = ["-X", "-q", "-v", "ON_ERROR_STOP=1", *single, "-f", path, place.libpq]
        place.run(binaries / "psql", *words)
    else:
        client = tools.program("mariadb", "needs MariaDB's client: apt-get install mariadb-client")
        where = [f"--host={place.host}", f"--port={place.port}"]
        if place.socket:
            where = [f"--socket={place.socket}"]
        words = [*where, f"--user={place.user}", place.database, f"--execute=source {path}"]
        place.run(client, "--no-defaults", *words, MYSQL_PWD=place.password)


def run_ways_back(place: Place, edits: Sequence[FileEdit]) -> str:
    """Run the files that hold ways back, newest first, with the engine's own client."""
    for one in reversed(edits):
        if one.down and not one.up:
            run_file(place, one.path)
    return ""
