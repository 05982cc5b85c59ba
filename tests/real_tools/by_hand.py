"""Ways back of runners that have none: run as the files' headers say, newest first."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import psycopg
from servers import execute

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
        with psycopg.connect(place.url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(text.encode())
    else:
        execute(place.url, text)
