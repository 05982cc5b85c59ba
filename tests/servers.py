"""The database servers that tests run against: private, started when first asked for, gone at the end."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import fetching
import majors
import mysql_server
import psycopg
import pytest
import tools

from wizard.database.urls import parse_url
from wizard.model.errors import ReachError
from wizard.rehearsal import mariadb, mariadb_tracer
from wizard.rehearsal.hosting import free_port
from wizard.rehearsal.postgres import PostgresServer, start_server

# Sizes fit for two test workers on a small machine; `jit` only adds noise to short queries.
SETTINGS: Mapping[str, str] = {
    "shared_buffers": "32MB",
    "max_connections": "60",
    "max_wal_size": "512MB",
    "jit": "off",
}

#: As production has it: what is written can be followed from the binary log.
MARIADB_SETTINGS: Mapping[str, str] = {
    "log_bin": "binlog",
    "binlog_format": "ROW",
    "binlog_row_image": "FULL",
    "log_slave_updates": "ON",
    "server_id": "1",
    "max_connections": "60",
    **mariadb_tracer.SETTINGS,
    # No file of a test has to reach the disk.
    "debug_no_sync": "ON",
}

GALERA = (
    Path("/usr/lib/galera/libgalera_smm.so"),
    Path("/usr/lib64/galera-4/libgalera_smm.so"),
)

#: Read at once: no test sees the variables of a developer's shell.
MYSQL_URL = os.environ.get("MIGWIZ_MYSQL_URL", "")

FIXTURES = frozenset(
    {
        *("postgres", "postgres15", "postgres16", "postgres18", "start_postgres"),
        *("fresh_database", "mariadb", "mariadb11", "mysql", "mysql_family"),
    }
)


class TestServer:
    """A server for the tests of one worker, with as many databases as they like."""

    __test__ = False

    def __init__(self, server: PostgresServer | mariadb.MariaServer | NamedMySQL) -> None:
        self.server = server
        self.url = server.url
        self.major = server.major
        self.version = server.version
        self.bin = server.bin

    @contextmanager
    def database(self, prefix: str = "t", *, template: str | None = None) -> Iterator[str]:
        """Create an empty database, yield its SQLAlchemy URL, drop it with whoever is connected.

        ``template`` names a database of a PostgreSQL to copy instead.
        """
        name = f"{prefix}_{uuid.uuid4().hex[:12]}"
        if template is None:
            url = self.server.create_database(name)
        else:
            assert isinstance(self.server, PostgresServer)
            url = self.server.url_of(name)
            plain = url.replace("+psycopg", "", 1).replace(f"/{name}", "/postgres", 1)
            with psycopg.connect(plain, autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        try:
            yield url
        finally:
            self.server.drop_database(name)


@contextmanager
def running(major: int, settings: Mapping[str, str] = SETTINGS) -> Iterator[TestServer]:
    """Run a private server of a major version; skips the test where there is none."""
    binaries = majors.binaries_of(major)
    if binaries is None:
        pytest.skip(majors.how_to_get(major))
    fetched = binaries.is_relative_to(fetching.CACHE)
    server = start_server(
        binaries,
        # Not below pytest's own folder: as root, the server's user cannot enter it.
        Path(tempfile.gettempdir()),
        settings=settings,
        copy=partial(fetching.copied, binaries) if fetched else None,
    )
    try:
        yield TestServer(server)
    finally:
        server.stop()


@contextmanager
def installed_mariadb() -> Iterator[TestServer]:
    """Run the system's own MariaDB, at a socket and a port; skips the test where it is absent."""
    try:
        binaries = mariadb.find_binaries()
    except ReachError:
        pytest.skip("needs MariaDB: apt-get install mariadb-server")
    with running_mariadb(binaries) as server:
        yield server


@contextmanager
def installed_mariadb_cluster() -> Iterator[TestServer]:
    """Run the system's own MariaDB as a Galera cluster of one node; skips without Galera."""
    library = next((one for one in GALERA if one.is_file()), None)
    if library is None:
        pytest.skip("needs Galera: apt-get install galera-4 mariadb-server")
    try:
        binaries = mariadb.find_binaries()
    except ReachError:
        pytest.skip("needs MariaDB: apt-get install mariadb-server")
    address = f"tcp://127.0.0.1:{free_port()}"
    settings = {
        "wsrep_on": "ON",
        "wsrep_provider": str(library),
        "wsrep_cluster_address": "gcomm://",
        "wsrep_node_address": "127.0.0.1",
        "wsrep_provider_options": f"gmcast.listen_addr={address};gcache.size=8M",
        "innodb_autoinc_lock_mode": "2",
    }
    with running_mariadb(binaries, settings) as server:
        yield server


@contextmanager
def fetched_mariadb(settings: Mapping[str, str] | None = None) -> Iterator[TestServer]:
    """Run a MariaDB of the 11.4 series, fetched from Maven; skips the test where it cannot be had."""
    base = tools.mariadb()
    with running_mariadb(_mariadb_in(base), settings, copy=lambda home: _linked(base, home)) as one:
        yield one


class NamedMySQL:
    """A MySQL that runs already: the environment names it, or a test has started it."""

    def __init__(self, url: str) -> None:
        self.url = url
        client = shutil.which("mysql") or shutil.which("mariadb") or "mysql"
        self.bin = Path(client).parent
        ((version,),) = self._run("SELECT version()")
        self.version = tuple(int(part) for part in str(version).split("-")[0].split("."))
        self.major = self.version[0]

    def create_database(self, name: str) -> str:
        """Create an empty database and return its URL."""
        self._run(f"CREATE DATABASE `{name}`")
        place = parse_url(self.url)
        return self.url.replace(f"/{place.database}", f"/{name}", 1)

    def drop_database(self, name: str) -> None:
        """Drop a database."""
        self._run(f"DROP DATABASE IF EXISTS `{name}`")

    def stop(self) -> None:
        """Leave it running: it is not ours."""

    def _run(self, statement: str) -> list[tuple[object, ...]]:
        with connected(self.url) as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall())


@contextmanager
def connected(url: str) -> Iterator[Any]:
    """Yield a cursor on a MySQL or MariaDB that commits every statement."""
    import pymysql

    place = parse_url(url)
    where: dict[str, Any] = {"unix_socket": dict(place.options).get("unix_socket")}
    if place.port:
        where = {"host": place.host, "port": int(place.port)}
    with pymysql.connect(
        **where,
        user=place.user,
        password=(place.password or "").encode(),
        database=place.database,
        charset="utf8mb4",
        autocommit=True,
    ) as connection:
        yield connection.cursor()


def execute(url: str, *statements: str) -> None:
    """Run statements on a MySQL or MariaDB."""
    with connected(url) as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def named_mysql() -> Iterator[TestServer]:
    """Use the MySQL that the environment names, or start one; skips the test where there is none."""
    if mysql_server.is_here() and not MYSQL_URL:
        with mysql_server.running() as server:
            yield TestServer(NamedMySQL(server.url.replace("mariadb", "mysql", 1)))
        return
    if not MYSQL_URL:
        pytest.skip(
            "needs MySQL: make tools (on Debian, x86-64), or set MIGWIZ_MYSQLD to the program to "
            "start, or MIGWIZ_MYSQL_URL=mysql://root@host/mysql to a server for tests"
        )
    yield TestServer(NamedMySQL(MYSQL_URL))


@contextmanager
def running_mariadb(
    binaries: mariadb.Binaries,
    settings: Mapping[str, str] | None = None,
    copy: Callable[[Path], mariadb.Binaries] | None = None,
) -> Iterator[TestServer]:
    """Run a private MariaDB, at a socket and a port."""
    try:
        server = mariadb.start_server(
            binaries,
            Path(tempfile.gettempdir()),
            settings={**MARIADB_SETTINGS, **(settings or {})},
            loopback=True,
            copy=copy,
        )
    except ReachError as error:
        pytest.fail(f"{error.message} {error.why}")
    try:
        yield TestServer(server)
    finally:
        server.stop()


def _mariadb_in(base: Path) -> mariadb.Binaries:
    server, install = base / "bin" / "mariadbd", base / "scripts" / "mariadb-install-db"
    return mariadb.Binaries(server=server, install=install, base=base)


def _linked(base: Path, home: Path) -> mariadb.Binaries:
    # The cache may lie in a home folder that is closed to the server's user. Its files are large.
    def link(source: str, target: str) -> None:
        try:
            os.link(source, target)
        except OSError:
            shutil.copy2(source, target)

    return _mariadb_in(Path(shutil.copytree(base, home / "programs", copy_function=link)))
