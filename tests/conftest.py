"""Fixtures for every test: private database servers, and an environment that is the same everywhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import end_tables
import pytest
import servers
from servers import TestServer

# What a developer's shell may hold and what would change an answer or a screen.
_LOOSE = (
    *("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLORTERM", "COLUMNS", "LINES"),
    *("ACCESSIBLE", "CI", "EDITOR", "VISUAL", "PAGER", "VIRTUAL_ENV", "PYTHONPATH"),
    *("DATABASE_URL", "SQLALCHEMY_DATABASE_URI", "DJANGO_SETTINGS_MODULE", "DEBUG"),
)
_LOOSE_PREFIXES = ("PG", "TEXTUAL", "MIGWIZ_", "MYSQL_", "MARIADB_", "ALEMBIC_", "DB_")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that asks for a server, so that `-m 'not server'` leaves it out."""
    for item in items:
        if servers.FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.server)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what was compared with servers and referees, which a row of dots does not."""
    every = [one for many in terminalreporter.stats.values() for one in many]
    reports = [one for one in every if isinstance(one, pytest.TestReport)]
    for title, table in (("lock truth", end_tables.lock_truth), ("squawk", end_tables.squawk)):
        lines = list(table(reports))
        if lines:
            terminalreporter.section(title)
            terminalreporter.write_line("\n".join(lines))


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Home folders that nobody has used."""
    # pytest's own numbering reads the whole folder for each new one, of which there are thousands.
    base = tmp_path_factory.mktemp("homes")
    return (base / str(number) for number in count())


@pytest.fixture(autouse=True)
def frozen_environment(monkeypatch: pytest.MonkeyPatch, homes: Iterator[Path]) -> Path:
    """Give every test the same environment and an empty home folder, whose path is returned."""
    for name in os.environ:
        if name in _LOOSE or name.startswith(_LOOSE_PREFIXES):
            monkeypatch.delenv(name)
    home = next(homes)
    monkeypatch.setenv("HOME", str(home))
    for name, folder in (
        ("XDG_CONFIG_HOME", ".config"),
        ("XDG_CACHE_HOME", ".cache"),
        ("XDG_DATA_HOME", ".local/share"),
        ("XDG_STATE_HOME", ".local/state"),
        ("XDG_RUNTIME_DIR", ".run"),
    ):
        (home / folder).mkdir(parents=True, mode=0o700)
        monkeypatch.setenv(name, str(home / folder))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("TZ", "UTC")
    return home


@pytest.fixture(scope="session")
def start_postgres() -> Iterator[Callable[[int], TestServer]]:
    """Start PostgreSQL by its major version, each once; skips the test where there is none."""
    started: dict[int, TestServer] = {}
    with ExitStack() as stack:

        def start(major: int) -> TestServer:
            if major not in started:
                started[major] = stack.enter_context(servers.running(major))
            return started[major]

        yield start


@pytest.fixture(scope="session")
def postgres18(start_postgres: Callable[[int], TestServer]) -> TestServer:
    """PostgreSQL 18, the embedded one."""
    return start_postgres(18)


@pytest.fixture(scope="session")
def postgres16(start_postgres: Callable[[int], TestServer]) -> TestServer:
    """PostgreSQL 16, the embedded one."""
    return start_postgres(16)


@pytest.fixture(scope="session")
def postgres15(start_postgres: Callable[[int], TestServer]) -> TestServer:
    """PostgreSQL 15, the system's own."""
    return start_postgres(15)


@pytest.fixture(scope="session")
def mariadb() -> Iterator[TestServer]:
    """The system's own MariaDB, with a binary log of rows."""
    with servers.installed_mariadb() as server:
        yield server


@pytest.fixture(scope="session")
def mariadb11() -> Iterator[TestServer]:
    """A MariaDB of the 11.4 series, with a binary log of rows."""
    with servers.fetched_mariadb() as server:
        yield server


@pytest.fixture(scope="session")
def mysql() -> Iterator[TestServer]:
    """The MySQL that MIGWIZ_MYSQL_URL names."""
    with servers.named_mysql() as server:
        yield server


@pytest.fixture(scope="module", params=["mariadb", "mariadb11", "mysql"])
def mysql_family(request: pytest.FixtureRequest) -> TestServer:
    """MariaDB, old and new, and MySQL in turn."""
    server: TestServer = request.getfixturevalue(request.param)
    return server


@pytest.fixture(params=[15, 16, 18], ids=["pg15", "pg16", "pg18"])
def postgres(
    request: pytest.FixtureRequest, start_postgres: Callable[[int], TestServer]
) -> TestServer:
    """Each PostgreSQL in turn."""
    return start_postgres(request.param)


@pytest.fixture
def fresh_database(postgres: TestServer) -> Iterator[str]:
    """The URL of an empty database, on each PostgreSQL in turn."""
    with postgres.database() as url:
        yield url
