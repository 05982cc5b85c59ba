"""Which of MySQL's relatives a server is, at which version."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

#: What is asked first. Proxies make up the version of the handshake, so that is not believed.
SERVER = "SELECT version(), @@version_comment, @@sql_mode, @@lower_case_table_names, database()"
#: Asked of a server that calls itself plain MySQL: Aurora does so, too, and only here says what it
#: is. A server without such a variable answers with no row, where a function would fail.
AURORA = "SHOW GLOBAL VARIABLES LIKE 'aurora_version'"

_VERSION = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?")
_VENDORS = (
    ("TiDB", "tidb"),
    ("PlanetScale", "planetscale"),
    ("Vitess", "vitess"),
    ("Aurora", "aurora"),
    ("OceanBase", "oceanbase"),
    ("SingleStore", "memsql"),
    ("SingleStore", "singlestore"),
    ("Percona Server", "percona"),
    ("MariaDB", "mariadb"),
)
# Modes that change how the server writes definitions, or how it reads our literals.
_DISTURBING = frozenset(
    [
        *("ANSI", "ANSI_QUOTES", "NO_BACKSLASH_ESCAPES"),
        *("DB2", "MAXDB", "MSSQL", "ORACLE", "POSTGRESQL", "MYSQL323", "MYSQL40"),
        *("NO_FIELD_OPTIONS", "NO_KEY_OPTIONS", "NO_TABLE_OPTIONS"),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """MySQL or MariaDB at a version; the version is empty where nobody said it.

    ``vendor`` is for people: whose build it is, which may have rules of its own.
    """

    dialect: Literal["mysql", "mariadb"]
    version: tuple[int, ...] = ()
    vendor: str = "MySQL"

    @property
    def maria(self) -> bool:
        """Whether it is MariaDB."""
        return self.dialect == "mariadb"

    def since(self, mysql: tuple[int, ...] | None, mariadb: tuple[int, ...] | None) -> bool:
        """Tell whether it has what came with these versions; None stands for never.

        An unknown version counts as the newest.
        """
        first = mariadb if self.maria else mysql
        return first is not None and (not self.version or self.version >= first)


def read_engine(version: str, comment: str) -> Engine:
    """Return what ``version()`` and ``@@version_comment`` say.

    MariaDB puts ``5.5.5-`` before its version for old clients. A server that tells no patch level
    (Aurora's ``8.0.mysql_aurora.3.04.0``) counts as the oldest of its series.
    """
    text = version.removeprefix("5.5.5-") if "mariadb" in version.lower() else version
    match = _VERSION.match(text)
    numbers = tuple(int(part) for part in match.groups(default="0")) if match else ()
    said = f"{version} {comment}".lower()
    vendor = next((name for name, word in _VENDORS if word in said), "MySQL")
    return Engine(
        dialect="mariadb" if "mariadb" in said else "mysql", version=numbers, vendor=vendor
    )


def plain_mode(sql_mode: str) -> str:
    """Return the modes without those that change definitions and literals.

    The others stay: queries shall mean what they mean in the application.
    """
    kept = [mode for mode in sql_mode.split(",") if mode and mode.upper() not in _DISTURBING]
    return ",".join(kept)
