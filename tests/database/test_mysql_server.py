"""Which engine, version and vendor a server is, by what servers say."""

from __future__ import annotations

import pytest

from wizard.database.mysql_server import Engine, plain_mode, read_engine


@pytest.mark.parametrize(
    ("version", "comment", "dialect", "numbers", "vendor"),
    [
        ("8.0.36", "MySQL Community Server - GPL", "mysql", (8, 0, 36), "MySQL"),
        ("8.4.2-0ubuntu0.24.04.1", "(Ubuntu)", "mysql", (8, 4, 2), "MySQL"),
        ("9.4.0", "MySQL Community Server - GPL", "mysql", (9, 4, 0), "MySQL"),
        ("5.7.44-log", "Source distribution", "mysql", (5, 7, 44), "MySQL"),
        ("8.0.36-28", "Percona Server (GPL), Release 28", "mysql", (8, 0, 36), "Percona Server"),
        ("8.0.35-azure", "MySQL Community Server (GPL)", "mysql", (8, 0, 35), "MySQL"),
        ("8.0.mysql_aurora.3.04.0", "", "mysql", (8, 0, 0), "Aurora"),
        ("10.11.19-MariaDB-0+deb12u1", "Debian 12", "mariadb", (10, 11, 19), "MariaDB"),
        ("5.5.5-10.6.16-MariaDB-log", "", "mariadb", (10, 6, 16), "MariaDB"),
        ("11.4.2", "mariadb.org binary distribution", "mariadb", (11, 4, 2), "MariaDB"),
        ("8.0.11-TiDB-v7.5.0", "TiDB Server", "mysql", (8, 0, 11), "TiDB"),
        ("8.0.30-Vitess", "Version: 19", "mysql", (8, 0, 30), "Vitess"),
        ("8.0.34-PlanetScale", "", "mysql", (8, 0, 34), "PlanetScale"),
        ("unheard of", "", "mysql", (), "MySQL"),
    ],
)
def test_engines(
    version: str, comment: str, dialect: str, numbers: tuple[int, ...], vendor: str
) -> None:
    found = read_engine(version, comment)
    assert (found.dialect, found.version, found.vendor) == (dialect, numbers, vendor)


def test_what_a_version_has() -> None:
    mysql = Engine(dialect="mysql", version=(8, 0, 19))
    assert mysql.since((8, 0, 19), None)
    assert not mysql.since((8, 0, 20), (10, 6))
    assert not mysql.since(None, (10, 6))
    assert Engine(dialect="mariadb", version=(10, 11, 6)).since(None, (10, 6))
    assert Engine(dialect="mysql").since((9, 9), None)


def test_modes_that_change_definitions_are_left_out() -> None:
    assert plain_mode("ANSI_QUOTES,STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES,ANSI") == (
        "STRICT_TRANS_TABLES"
    )
    assert plain_mode("PIPES_AS_CONCAT,NO_ZERO_DATE") == "PIPES_AS_CONCAT,NO_ZERO_DATE"
    assert plain_mode("") == ""
