"""Schemas of public projects: every table read from a server, from SQLite, and from the file."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from mysql_client import comparable, load
from servers import TestServer

from wizard.database.opening import open_catalog, open_offline
from wizard.database.urls import parse_url
from wizard.model.schema import Table
from wizard.rehearsal.sandbox import embedded_binaries, embedded_majors

FOLDER = Path(os.environ.get("MIGWIZ_SCHEMAS") or Path(__file__).parents[3] / "shared" / "schemas")
ABSENT = (
    "needs the sample schemas: set MIGWIZ_SCHEMAS to a folder with postgresql/, mysql/, sqlite/"
)


def files(engine: str) -> list[object]:
    found = sorted((FOLDER / engine).glob("*.sql"))
    if not found:
        return [pytest.param(None, marks=pytest.mark.skip(reason=ABSENT), id="absent")]
    return [pytest.param(file, id=file.stem) for file in found]


def psql(server: TestServer) -> Path:
    """Return a psql: the server's own, the one on PATH, or the embedded one."""
    beside = (server.bin / "initdb").resolve().parent / "psql"
    found = shutil.which("psql")
    if beside.exists() or found:
        return beside if beside.exists() else Path(str(found))
    if 16 in embedded_majors():
        return embedded_binaries(16) / "psql"
    pytest.skip("needs psql: apt-get install postgresql-client")


def outline(table: Table) -> object:
    return (
        [(c.name, c.nullable, c.identity) for c in table.columns],
        sorted((type(c).__name__, c.name or "") for c in table.constraints),
        sorted((i.name, len(i.parts), i.unique, i.constraint) for i in table.indexes),
        sorted(t.name for t in table.triggers),
        sorted((d.kind, d.name, set(d.columns)) for d in table.dependents if "view" in d.kind),
        sorted((str(r.table), r.foreign_key.name or "") for r in table.referenced_by),
        table.partition_of,
        table.partitions,
    )


@pytest.mark.parametrize("file", files("postgresql"))
def test_postgresql(file: Path, postgres15: TestServer) -> None:
    with postgres15.database() as url:
        plain = url.replace("postgresql+psycopg://", "postgresql://")
        done = subprocess.run(
            [psql(postgres15), "-q", "-X", "-f", file, plain],
            capture_output=True,
            text=True,
            check=False,
        )
        if "is not available" in done.stderr:
            pytest.skip("needs PostgreSQL's contrib extensions: apt-get install postgresql-contrib")
        assert "ERROR" not in done.stderr
        with psycopg.connect(plain) as connection:
            ((count,),) = connection.execute(
                "SELECT count(*) FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
                " AND table_schema NOT IN ('pg_catalog', 'information_schema')"
            ).fetchall()
        live, offline = open_catalog(url), open_offline(file, "postgresql", (15, 0))
        listed = live.tables()
        partitions = sum(len(live.table(one.name).partitions) for one in listed)
        assert len(listed) + partitions == count
        assert [(one.name, one.kind) for one in offline.tables()] == [
            (one.name, one.kind) for one in listed
        ]
        assert {(one.name, one.labels) for one in offline.enums()} == {
            (one.name, one.labels) for one in live.enums()
        }
        for one in listed:
            assert outline(offline.table(one.name)) == outline(live.table(one.name)), one.name
        live.close()


@pytest.mark.parametrize("file", files("sqlite"))
def test_sqlite(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "real.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(file.read_text())
        (count,) = connection.execute(
            "SELECT count(*) FROM pragma_table_list"
            " WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'"
        ).fetchone()
    connection.close()
    live, offline = open_catalog(f"sqlite:///{path}"), open_offline(file, "sqlite", (3, 40))
    assert len(live.tables()) == count
    assert [one.name for one in offline.tables()] == [one.name for one in live.tables()]
    for one in live.tables():
        table = live.table(one.name)
        assert table.columns
        assert outline(offline.table(one.name)) == outline(table)
    live.close()
    offline.close()


@pytest.mark.parametrize("file", files("mysql"))
def test_mysql(file: Path, mariadb: TestServer) -> None:
    with mariadb.database() as url:
        scratch = parse_url(url).database
        offline = open_offline(file, "mariadb", mariadb.version)
        home = offline._home  # type: ignore[attr-defined]
        load(mariadb, url, file)
        try:
            live = open_catalog(url.replace(f"/{scratch}", f"/{home}"))
            ((count,),) = live.query(
                "SELECT count(*) FROM information_schema.tables"
                " WHERE table_type = 'BASE TABLE' AND table_schema = database()"
            )
            assert len(live.tables()) == count
            assert [one.name for one in offline.tables()] == [one.name for one in live.tables()]
            for one in live.tables():
                table, written = live.table(one.name), offline.table(one.name)
                if written.storage is not None and written.storage.collation is None:
                    # The file leaves the character set to the server.
                    written = replace(written, storage=table.storage)
                assert comparable(written) == comparable(table), one.name
                views = {d.name for d in table.dependents if d.kind == "view"}
                assert views == {d.name for d in written.dependents if d.kind == "view"}
            live.close()
        finally:
            load(mariadb, url, f"DROP DATABASE `{home}`")
