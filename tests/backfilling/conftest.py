"""Databases for runs of backfills: PostgreSQL, and what else a machine has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from backfill_runs import Place

ENGINES = ("postgresql", "mariadb", "mysql", "sqlite")


@pytest.fixture(params=ENGINES[:3])
def served(request: pytest.FixtureRequest) -> Iterator[Place]:
    """An empty database of each engine on which transactions hold single rows."""
    yield from _on_server(request, request.param)


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """An empty database of each engine in turn."""
    engine = request.param
    if engine == "sqlite":
        path = tmp_path / "items.db"
        path.touch()
        yield from _placed(engine, f"sqlite:///{path}")
        return
    yield from _on_server(request, engine)


def _on_server(request: pytest.FixtureRequest, engine: str) -> Iterator[Place]:
    server = request.getfixturevalue({"postgresql": "postgres18"}.get(engine, engine))
    with server.database() as url:
        yield from _placed(engine, url)


def _placed(engine: str, url: str) -> Iterator[Place]:
    place = Place(engine, url)
    try:
        yield place
    finally:
        place.close()
