"""Connections as callables that run a query: rows by name, and refusals in the server's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.backfilling.signals.base import Query, Refused, Row
from wizard.redact import redact

if TYPE_CHECKING:
    import sqlite3

    import psycopg

#: A sign that takes longer to read than this is itself a load, and is given up.
SECONDS = 2


def asking_postgresql(connection: psycopg.Connection[Any]) -> Query:
    """Return what asks a PostgreSQL; the connection must commit by itself, and is for this alone."""
    import psycopg

    def ask(sql: str) -> list[Row]:
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"SET statement_timeout = {SECONDS * 1000}".encode())
                cursor.execute(sql.encode())
                names = [one.name.lower() for one in cursor.description or ()]
                return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        except psycopg.Error as error:
            raise Refused(_first_line(error.diag.message_primary or str(error))) from error

    return ask


def asking_mysql(connection: Any) -> Query:
    """Return what asks a MySQL or MariaDB through a connection of pymysql; it has no types."""
    import pymysql

    def ask(sql: str) -> list[Row]:
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                names = [str(one[0]).lower() for one in cursor.description or ()]
                return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        except pymysql.Error as error:
            raise Refused(_first_line(str(error.args[-1] if error.args else error))) from error

    return ask


def asking_sqlite(connection: sqlite3.Connection) -> Query:
    """Return what asks an SQLite file."""
    import sqlite3

    def ask(sql: str) -> list[Row]:
        try:
            cursor = connection.execute(sql)
            names = [str(one[0]).lower() for one in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        except sqlite3.Error as error:
            raise Refused(_first_line(str(error))) from error

    return ask


def _first_line(text: str) -> str:
    return redact(text.strip().split("\n")[0]) or "the connection is lost"
