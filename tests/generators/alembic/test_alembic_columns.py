"""Types, numbering and keys in Alembic's own words, run by the real Alembic."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from alembic_kit import alembic, detected, job, migration, postgresql, project_files, put
from servers import TestServer

from generators.alembic import GENERATOR
from generators.base import FileEdit
from wizard.dialects import dialect
from wizard.model.names import TableName
from wizard.model.schema import Column, Grant, Index, IndexPart, PrimaryKey
from wizard.model.steps import (
    AddColumn,
    AddIndex,
    AddPrimaryKey,
    ChangeType,
    CreateSync,
    MoveNumbering,
    SetDefault,
    SetIdentity,
    Step,
    SwapColumns,
    Sync,
)
from wizard.rehearsal.tracer import plain_url

ITEMS = TableName("items", "shop")
ID = Column(name="id", type="integer", nullable=False)
CODE = Column(name="code", type="text")
AT = Column(name="at", type="timestamp without time zone")
INDEX = Index(name="items_code_idx", parts=(IndexPart(column="code"),), unique=True)
SHOP = """
CREATE SCHEMA shop;
CREATE TABLE shop.items (id int NOT NULL, code text, at timestamp, total numeric(10,2));
INSERT INTO shop.items SELECT n, n::text, '2020-06-01 10:00', n FROM generate_series(1, 20) n;
"""
THERE = Sync(
    name="zz_sync_items_code",
    table=ITEMS,
    old="code",
    new="code_new",
    leads="old",
    to_new="CAST(code AS integer)",
    forgiving=True,
)
BACK = replace(
    THERE, old="code_old", new="code", leads="new", to_old="CAST(code AS text)", forgiving=False
)


def rendered(root: Path, url: str, *steps: Step) -> tuple[FileEdit, ...]:
    project_files(root, url=url, env=", transaction_per_migration=True")
    engine = postgresql()
    edits = GENERATOR.render(
        detected(root),
        job(*(migration(f"step {at}", one, budget=2_000) for at, one in enumerate(steps))),
    )
    GENERATOR.check(edits, engine)
    return edits


def code_of(edits: tuple[FileEdit, ...]) -> str:
    return "\n".join(one.content for one in edits)


def types(url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(plain_url(url)) as connection:
        return connection.execute(
            "SELECT attname::text, format_type(atttypid, atttypmod), attidentity::text, attnotnull, "
            "attacl::text FROM pg_attribute WHERE attrelid = 'shop.items'::regclass "
            "AND attnum > 0 AND NOT attisdropped ORDER BY 1"
        ).fetchall()


@pytest.fixture
def url(postgres: TestServer):  # type: ignore[no-untyped-def]
    with postgres.database() as found:
        with psycopg.connect(plain_url(found), autocommit=True) as connection:
            connection.execute(SHOP)
        yield found


def test_all_of_it_goes_up_down_and_up(url: str, tmp_path: Path) -> None:
    long = Column(name="long", type="bigint", nullable=False)
    identity = replace(ID, identity="by default")
    steps: tuple[Step, ...] = (
        ChangeType(
            table=ITEMS,
            column=Column(name="total", type="numeric(10,2)"),
            to=Column(name="total", type="numeric(12,2)"),
        ),
        ChangeType(table=ITEMS, column=AT, to=replace(AT, type="timestamp with time zone")),
        ChangeType(table=ITEMS, column=CODE, to=replace(CODE, type="character varying(40)")),
        SetIdentity(table=ITEMS, column=ID, identity="by default"),
        SetIdentity(table=ITEMS, column=identity, identity="always"),
        SetIdentity(table=ITEMS, column=replace(ID, identity="always"), identity=None),
        SetIdentity(table=ITEMS, column=ID, identity="by default"),
        AddColumn(
            table=ITEMS, column=replace(long, default="0", grants=(Grant(privilege="SELECT"),))
        ),
        SetDefault(table=ITEMS, column=replace(long, default="0"), default=None),
        MoveNumbering(table=ITEMS, column=identity, to=long),
        AddIndex(table=ITEMS, index=INDEX),
        AddPrimaryKey(
            table=ITEMS,
            constraint=PrimaryKey(name="items_pkey", columns=("id",)),
            columns=(ID,),
        ),
        AddColumn(table=ITEMS, column=Column(name="code_new", type="integer")),
        CreateSync(sync=THERE),
        SwapColumns(before=THERE, after=BACK),
    )
    before = types(url)
    put(rendered(tmp_path, url, *steps))
    alembic(tmp_path, "upgrade", "head")
    after = types(url)
    assert [one[:2] for one in after] == [
        ("at", "timestamp with time zone"),
        ("code", "integer"),
        ("code_old", "character varying(40)"),
        ("id", "integer"),
        ("long", "bigint"),
        ("total", "numeric(12,2)"),
    ]
    assert {one[0]: one[2] for one in after}["long"] == "d"
    alembic(tmp_path, "downgrade", "base")
    assert types(url) == before
    with psycopg.connect(plain_url(url)) as connection:
        row = connection.execute("SELECT at::text FROM shop.items WHERE id = 7").fetchone()
    assert row == ("2020-06-01 10:00:00",)
    alembic(tmp_path, "upgrade", "head")
    assert types(url) == after


@pytest.mark.parametrize(
    ("step", "lines"),
    [
        (
            ChangeType(table=ITEMS, column=CODE, to=replace(CODE, type="character varying(40)")),
            ["type_=sa.String(length=40)", "existing_type=sa.Text()", 'schema="shop"'],
        ),
        (
            ChangeType(
                table=ITEMS, column=CODE, to=replace(CODE, type="integer"), using="code::integer"
            ),
            ["type_=sa.Integer()", 'postgresql_using="code::integer"'],
        ),
        (
            ChangeType(table=ITEMS, column=AT, to=replace(AT, type="timestamp with time zone")),
            [
                "op.execute(\"SET LOCAL TimeZone = 'UTC'\")",
                "type_=sa.DateTime(timezone=True)",
                'op.execute("SET LOCAL TimeZone TO DEFAULT")',
            ],
        ),
        (
            ChangeType(table=ITEMS, column=CODE, to=replace(CODE, collation="C")),
            ['type_=sa.Text(collation="C")'],
        ),
        (
            SetIdentity(table=ITEMS, column=ID, identity="always"),
            ["server_default=sa.Identity(always=True)", "existing_nullable=False"],
        ),
        (
            SetIdentity(table=ITEMS, column=replace(ID, identity="always"), identity=None),
            ["server_default=None", "existing_server_default=sa.Identity(always=True)"],
        ),
        (
            AddPrimaryKey(
                table=ITEMS,
                constraint=PrimaryKey(name="items_pkey", columns=("id", "code")),
                columns=(ID,),
            ),
            ["op.create_primary_key(", 'op.f("items_pkey")', '["id", "code"]'],
        ),
        (
            SwapColumns(before=THERE, after=BACK),
            [
                'op.alter_column("items", "code", new_column_name="code_old", schema="shop")',
                'op.alter_column("items", "code_new", new_column_name="code", schema="shop")',
                "DROP TRIGGER zz_sync_items_code ON shop.items",
            ],
        ),
    ],
    ids=lambda one: type(one).__name__,
)
def test_alembics_own_words(step: Step, lines: list[str], tmp_path: Path) -> None:
    upgrade = code_of(rendered(tmp_path, "postgresql://", step)).split("def downgrade")[0]
    for line in lines:
        assert line in upgrade


def test_what_has_no_word_is_written_as_sql(tmp_path: Path) -> None:
    back = ChangeType(table=ITEMS, column=replace(CODE, collation="C"), to=CODE)
    using = AddPrimaryKey(
        table=ITEMS,
        constraint=PrimaryKey(name="items_pkey", columns=("code",)),
        columns=(CODE,),
        using=INDEX,
    )
    written = code_of(rendered(tmp_path, "postgresql://", back, using))
    assert 'COLLATE \\"default\\"' in written or 'COLLATE "default"' in written
    assert "PRIMARY KEY USING INDEX items_code_idx" in written
    assert dialect("postgresql", (16,)).sql(using)[0] in " ".join(written.split())
