"""A small shop for the screens: an Alembic project, its tables and rows, and a session over it."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from wizard.model.answers import Answers
from wizard.session import Environment, Session

NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)

_INI = """[alembic]
script_location = migrations
file_template = %%(year)d_%%(month).2d_%%(day).2d_%%(rev)s_%%(slug)s
sqlalchemy.url = {url}
"""
_ENV = """from alembic import context
from sqlalchemy import create_engine

with create_engine(context.config.get_main_option("sqlalchemy.url")).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
_FIRST = '''"""create the shop

Revision ID: 8c1f2a3b4c5d
Revises:
Create Date: 2026-01-02 03:04:05
"""

revision = "8c1f2a3b4c5d"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
'''
TABLES = (
    "CREATE TABLE customers (id integer PRIMARY KEY, email text, name text)",
    "CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer NOT NULL,"
    " status_code varchar(20) NOT NULL, total integer, currency varchar(3))",
    "CREATE INDEX ix_orders_status ON orders (status_code)",
    'CREATE TABLE "a[b]" (id integer PRIMARY KEY, "[red]" text)',
)
ROWS = (
    "INSERT INTO customers VALUES (1, 'a@example.org', 'Ada'), (2, NULL, 'Ben')",
    "INSERT INTO orders VALUES (1, 1, 'open', 10, 'EUR'), (2, 2, 'paid', 20, NULL)",
)


def make_project(root: Path, url: str) -> Path:
    """Write the Alembic project of a database."""
    versions = root / "migrations" / "versions"
    versions.mkdir(parents=True)
    (root / "alembic.ini").write_text(_INI.format(url=url.replace("%", "%%")))
    (root / "migrations" / "env.py").write_text(_ENV)
    (root / "migrations" / "script.py.mako").write_text(
        '"""${message}\n\nRevision ID: ${up_revision}\nRevises: ${down_revision | comma,n}\n'
        'Create Date: ${create_date}\n"""\nfrom alembic import op\nimport sqlalchemy as sa\n'
        "${imports if imports else ''}\nrevision = ${repr(up_revision)}\n"
        "down_revision = ${repr(down_revision)}\nbranch_labels = ${repr(branch_labels)}\n"
        "depends_on = ${repr(depends_on)}\n\n\ndef upgrade() -> None:\n"
        '    ${upgrades if upgrades else "pass"}\n\n\ndef downgrade() -> None:\n'
        '    ${downgrades if downgrades else "pass"}\n'
    )
    (versions / "2026_01_02_8c1f2a3b4c5d_create_the_shop.py").write_text(_FIRST)
    return root


def make_session(root: Path, answers: Answers | None = None) -> Session:
    """Return a session whose clock and ids stand still."""
    environment = Environment(root=root, environ={}, now=NOW, seed="frozen")
    return Session(environment, answers)


def make_offline_session(root: Path) -> Session:
    """Return a session over a file with the tables as MariaDB has them, whose orders are many."""
    root.mkdir()
    make_project(root, "")
    (root / "structure.sql").write_text(
        "CREATE TABLE orders (id int PRIMARY KEY, total int, note varchar(40));\n"
    )
    answers = Answers()
    for key, value in (
        ("database.schema", "structure.sql"),
        ("database.dialect", "mariadb"),
        ("database.server_version", "10.11.4"),
        ("rollout.rows", 20_000_000),
    ):
        answers = answers.put(key, value)
    return make_session(root, answers)


def make_sqlite_shop(root: Path) -> Path:
    """Write the project and its SQLite database into a new folder."""
    root.mkdir()
    connection = sqlite3.connect(root / "shop.db")
    for statement in (*TABLES, *ROWS):
        connection.execute(statement)
    connection.commit()
    connection.close()
    return make_project(root, "sqlite:///shop.db")
