"""Several columns in step with several others, hammered by old and new code on real servers.

Every engine has to end where a plain model of the rules ends, after each statement: so no order of
assignments in one engine's trigger can hide. Then the old columns go, new code writes on, and the
way back brings them back. The expressions lose something on purpose: a third word, a space at the
end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import psycopg
import pymysql
import pytest
from family_truth import session_of
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from servers import TestServer

from wizard.dialects import dialect
from wizard.dialects.base import Dialect
from wizard.model.names import TableName
from wizard.model.rollout import Rollout
from wizard.model.schema import Column, PrimaryKey, Schema, Table
from wizard.model.steps import AddColumn, CreateSync, DropColumn, DropSync
from wizard.model.syncs import Follower, SyncSets
from wizard.operations.base import Context, tables_of
from wizard.operations.column_sets import Reshape, fill, missing, refill, sync_of
from wizard.operations.made_columns import Made
from wizard.rehearsal.tracer import plain_url

T = TableName("t")
Row = dict[str, str | None]
Run = Callable[[str], list[tuple[Any, ...]]]
FRESH = {"postgresql": ("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")}
ENGINES = ("postgresql", "mariadb", "sqlite", "sqlite, recursive")
WORDS = (None, "", "Ada", "ada", "Ada L", "Ada L M", "Jo ", "é")


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Two sides: the expressions of each engine, and what they mean."""

    olds: tuple[str, ...]
    news: tuple[str, ...]
    to_new: Callable[[Row], Row]
    to_old: Callable[[Row], Row] | None
    sql: dict[str, dict[str, str]]
    #: Whether the old columns need a value.
    required: bool = False


def first_and_rest(row: Row) -> Row:
    name = row["name"]
    if name is None:
        return {"first": None, "last": None}
    first, _, rest = name.partition(" ")
    return {"first": first, "last": rest.partition(" ")[0] or None}


def joined(row: Row) -> Row:
    words = [one for one in (row["first"], row["last"]) if one is not None]
    return {"name": " ".join(words)}


def halves(row: Row) -> Row:
    whole = row["both"]
    if whole is None:
        return {"a": None, "b": None}
    a, _, b = whole.partition("/")
    return {"a": a or None, "b": b.partition("/")[0] or None}


def whole(row: Row) -> Row:
    return {"both": f"{row['a'] or ''}/{row['b'] or ''}"}


SPLIT = {
    "postgresql": {
        "first": "split_part(name, ' ', 1)",
        "last": "nullif(split_part(name, ' ', 2), '')",
        "name": "concat_ws(' ', first, last)",
    },
    "mariadb": {
        "first": "substring_index(name, ' ', 1)",
        "last": "nullif(substring_index(substr(name, char_length(substring_index(name, ' ', 1)) + 2)"
        ", ' ', 1), '')",
        "name": "concat_ws(' ', first, last)",
    },
    "sqlite": {
        "first": "substr(name, 1, instr(name || ' ', ' ') - 1)",
        "last": "nullif(substr(substr(name, instr(name || ' ', ' ') + 1), 1, "
        "instr(substr(name, instr(name || ' ', ' ') + 1) || ' ', ' ') - 1), '')",
        "name": "coalesce(first, '') || CASE WHEN first IS NOT NULL AND last IS NOT NULL "
        "THEN ' ' ELSE '' END || coalesce(last, '')",
    },
}
MERGE = {
    "postgresql": {
        "both": "coalesce(a, '') || '/' || coalesce(b, '')",
        "a": "nullif(split_part(\"both\", '/', 1), '')",
        "b": "nullif(split_part(\"both\", '/', 2), '')",
    },
    "mariadb": {
        "both": "concat(coalesce(a, ''), '/', coalesce(b, ''))",
        "a": "nullif(substring_index(`both`, '/', 1), '')",
        "b": "nullif(substring_index(substr(`both`, char_length(substring_index(`both`, '/', 1)) "
        "+ 2), '/', 1), '')",
    },
    "sqlite": {
        "both": "coalesce(a, '') || '/' || coalesce(b, '')",
        "a": "nullif(substr(\"both\", 1, instr(\"both\" || '/', '/') - 1), '')",
        "b": "nullif(substr(substr(\"both\", instr(\"both\" || '/', '/') + 1), 1, "
        "instr(substr(\"both\", instr(\"both\" || '/', '/') + 1) || '/', '/') - 1), '')",
    },
}
NAME, PARTS = ("name",), ("first", "last")
SETTINGS = {
    "split": Setting(olds=NAME, news=PARTS, to_new=first_and_rest, to_old=joined, sql=SPLIT),
    "split what is required": Setting(
        olds=NAME, news=PARTS, to_new=first_and_rest, to_old=joined, sql=SPLIT, required=True
    ),
    "split one way": Setting(olds=NAME, news=PARTS, to_new=first_and_rest, to_old=None, sql=SPLIT),
    "merge": Setting(olds=("a", "b"), news=("both",), to_new=whole, to_old=halves, sql=MERGE),
    "merge one way": Setting(olds=("a", "b"), news=("both",), to_new=whole, to_old=None, sql=MERGE),
}


def after_insert(one: Setting, row: Row) -> Row:
    if all(row[name] is None for name in one.news):
        return {**row, **one.to_new(row)}
    return {**row, **(one.to_old(row) if one.to_old else {})}


def says(row: Row, other: Row) -> bool:
    return all(row[name] == value for name, value in other.items())


def after_update(one: Setting, before: Row, row: Row, engine: str) -> Row:
    done = _follow(one, before, row, stepwise=engine == "mariadb")
    # What a recursive trigger writes fires it once more.
    again = engine == "sqlite, recursive" and done != row
    return after_update(one, row, done, engine) if again else done


def _follow(one: Setting, before: Row, row: Row, *, stepwise: bool) -> Row:
    """Return the row behind the trigger; ``stepwise`` stops as soon as both sides agree."""

    def changed(names: tuple[str, ...]) -> bool:
        return any(before[name] != row[name] for name in names)

    if changed(one.news):
        if one.to_old is None:
            return row
        found = dict(row)
        for name, value in one.to_old(row).items():
            if not says(found if stepwise else row, one.to_new(found if stepwise else row)):
                found[name] = value
        return found
    if not changed(one.olds):
        return row
    found = dict(row)
    for name, value in one.to_new(row).items():
        seen = found if stepwise else row
        empty = all(seen[each] is None for each in one.news)
        if one.to_old is None or empty or not says(seen, one.to_old(seen)):
            found[name] = value
    return found


def refreshed(one: Setting, row: Row) -> Row:
    """Return a row behind the fill: a new side without any value is worked out again."""
    return {**row, **one.to_new(row)} if all(row[name] is None for name in one.news) else row


@dataclass(frozen=True, kw_only=True)
class Write:
    """One statement of either version of the application; ``key`` is the row, or the first of them."""

    what: str
    key: int
    values: Row


@dataclass(frozen=True, kw_only=True)
class WayBack:
    """The last step of the change, and the two of its downgrade."""

    gone: Callable[[], None]
    there: Callable[[], None]
    refilled: Callable[[], None]


@st.composite
def writes(draw: st.DrawFn, one: Setting, *, only: str = "") -> list[Write]:
    found = []
    for _ in range(draw(st.integers(2, 9))):
        side = only or draw(st.sampled_from(["old", "new", "note"]))
        what = draw(st.sampled_from(["insert", "insert", "update", "upsert"]))
        names = {"old": one.olds, "new": one.news, "note": ("note",)}[side]
        some = draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
        if what != "update":
            # An application writes all it knows of a new row.
            some = list(names)
        values = {name: draw(st.sampled_from(WORDS)) for name in some}
        if one.required and side != "note" and set(values.values()) == {None}:
            # Who writes no name at all gets the error that such a write always got.
            values[some[0]] = "Required"
        if one.required and side == "note":
            what = "update"
        found.append(Write(what=what, key=draw(st.integers(1, 3)), values=values))
    return found


def modelled(one: Setting, rows: dict[int, Row], write: Write, engine: str) -> None:
    if write.what != "update" and write.key not in rows:
        empty: Row = dict.fromkeys((*one.olds, *one.news, "note"))
        rows[write.key] = after_insert(one, {**empty, **write.values})
        return
    if write.what == "insert":
        return
    for key, row in rows.items():
        if key == write.key or (write.what == "update" and key >= write.key):
            rows[key] = after_update(one, row, {**row, **write.values}, engine)


def statement(engine: Dialect, write: Write) -> str:
    quote = engine.quote

    def said(value: str | None) -> str:
        return "NULL" if value is None else engine.literal(value)

    sets = ", ".join(f"{quote(name)} = {said(value)}" for name, value in write.values.items())
    if write.what == "update":
        return f"UPDATE t SET {sets} WHERE id >= {write.key}"
    names = ", ".join(quote(name) for name in write.values)
    values = ", ".join(said(value) for value in write.values.values())
    insert = f"INTO t (id, {names}) VALUES ({write.key}, {values})"
    if engine.name == "mariadb":
        if write.what == "insert":
            return f"INSERT IGNORE {insert}"
        return f"INSERT {insert} ON DUPLICATE KEY UPDATE {sets}"
    do = "NOTHING" if write.what == "insert" else f"UPDATE SET {sets}"
    return f"INSERT {insert} ON CONFLICT (id) DO {do}"


@contextmanager
def opened(name: str, request: pytest.FixtureRequest) -> Iterator[tuple[Dialect, Run]]:
    """Yield an engine, and what runs SQL in an empty database of it."""
    if name.startswith("sqlite"):
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as file:
            file.execute(f"PRAGMA recursive_triggers = {'ON' if 'recursive' in name else 'OFF'}")
            yield (
                dialect("sqlite", sqlite3.sqlite_version_info),
                lambda sql: file.execute(sql).fetchall(),
            )
        return
    server: TestServer = request.getfixturevalue({"postgresql": "postgres16"}.get(name, name))
    with server.database() as url:
        if name == "postgresql":
            with psycopg.connect(plain_url(url), autocommit=True) as connection:

                def run(sql: str) -> list[tuple[Any, ...]]:
                    cursor = connection.execute(sql.encode())
                    return cursor.fetchall() if cursor.description else []

                yield dialect(name, server.version), run
            return
        with session_of(url) as session:
            yield dialect(name, server.version), session.rows


def reshape_of(one: Setting, engine: Dialect) -> Reshape:
    kind = "varchar(60)" if engine.name == "mariadb" else "text"

    def made(name: str, *, expression: str | None, nullable: bool = True) -> Made:
        column = Column(name=name, type=kind, nullable=nullable)
        return Made(column=column, expression=expression)

    sql = one.sql[engine.name]
    old = tuple(
        made(name, expression=sql[name] if one.to_old else None, nullable=not one.required)
        for name in one.olds
    )
    new = tuple(made(name, expression=sql[name]) for name in one.news)
    table = Table(
        name=T,
        columns=(
            Column(name="id", type="integer", nullable=False),
            *(each.column for each in old),
            Column(name="note", type=kind),
        ),
        constraints=(PrimaryKey(name="t_pkey", columns=("id",)),),
    )
    return Reshape(table=table, old=old, new=new)


def rows_of(run: Run, one: Setting, engine: Dialect) -> dict[int, Row]:
    names = (*one.olds, *one.news, "note")
    listed = ", ".join(engine.quote(name) for name in ("id", *names))
    return {
        row[0]: dict(zip(names, row[1:], strict=True)) for row in run(f"SELECT {listed} FROM t")
    }


#: Where triggers come behind the write none can fill what is required: the plan refuses it there.
RUNS = [
    (setting, name)
    for setting, one in SETTINGS.items()
    for name in ENGINES
    if not (one.required and name.startswith("sqlite"))
]


@pytest.mark.parametrize(("setting", "name"), RUNS)
def test_both_sides_end_where_the_rules_say(
    setting: str, name: str, request: pytest.FixtureRequest
) -> None:
    one = SETTINGS[setting]
    with opened(name, request) as (engine, run):
        reshape = reshape_of(one, engine)
        context = Context(
            dialect=engine,
            tables=tables_of(Schema(tables=(reshape.table,))),
            rollout=Rollout(rows=900, bytes=9_000),
        )
        sync = sync_of(reshape, context)
        filling = fill(reshape, context).up[0]

        made = lru_cache(engine.sql)
        look = missing(reshape, context).query

        def do(*steps: Any) -> None:
            for step in steps:
                for sql in made(step):
                    run(sql)

        columns = ", ".join(
            f"{engine.quote(each.name)} {each.type}{'' if each.nullable else ' NOT NULL'}"
            for each in reshape.table.columns[1:]
        )
        gone = [replace(each.column, nullable=True) for each in reshape.old]
        again_there = (*(AddColumn(table=T, column=each) for each in gone), CreateSync(sync=sync))
        refilling = refill(reshape, context)
        back = WayBack(
            gone=lambda: do(
                DropSync(sync=sync), *(DropColumn(table=T, column=each) for each in gone)
            ),
            there=lambda: do(*again_there),
            refilled=lambda: do(refilling),
        )
        seen = 0

        @settings(
            max_examples=8,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            # Each example talks to a server: no hunt for a smaller one.
            phases=[Phase.generate],
        )
        @given(
            early=writes(one, only="old"),
            meanwhile=writes(one),
            late=writes(one, only="new"),
            again=writes(one, only="old"),
        )
        def hammer(
            early: list[Write], meanwhile: list[Write], late: list[Write], again: list[Write]
        ) -> None:
            nonlocal seen
            for sql in FRESH.get(name, ("DROP TABLE IF EXISTS t",)):
                run(sql)
            run(f"CREATE TABLE t (id integer PRIMARY KEY, {columns})")
            do(*(AddColumn(table=T, column=each.bare) for each in reshape.new))
            for write in early:
                run(statement(engine, write))
            rows = rows_of(run, one, engine)
            do(CreateSync(sync=sync), filling)
            for row in rows.values():
                row.update(one.to_new(row))
            assert rows_of(run, one, engine) == rows, early
            for write in meanwhile:
                run(statement(engine, write))
                modelled(one, rows, write, name)
                assert rows_of(run, one, engine) == rows, (early, meanwhile)
            do(filling)
            rows = {key: refreshed(one, row) for key, row in rows.items()}
            assert rows_of(run, one, engine) == rows
            assert run(look) == []
            if one.to_old is not None:
                _there_and_back(one, name, engine, run, back, late=late, again=again)
            seen += 1

        hammer()
        assert seen >= 8


def _there_and_back(
    one: Setting,
    name: str,
    engine: Dialect,
    run: Run,
    back: WayBack,
    *,
    late: list[Write],
    again: list[Write],
) -> None:
    """Drop the old columns, let new code write, and take it back: values included."""
    before = rows_of(run, one, engine)
    back.gone()
    for write in late:
        run(statement(engine, write))
    back.there()
    rows = rows_of(run, one, engine)
    back.refilled()
    assert one.to_old is not None
    for key, row in rows.items():
        filled = {**row, **one.to_old(row)}
        row.update(after_update(one, row, filled, name))
        known = before.get(key)
        if known is not None and all(known[each] == row[each] for each in one.news):
            # Nobody has written to it: it is what it was, unless it could not come back.
            assert row == {**known, "note": row["note"]} or known != {**known, **one.to_old(known)}
    assert rows_of(run, one, engine) == rows
    for write in again:
        run(statement(engine, write))
        modelled(one, rows, write, name)
        assert rows_of(run, one, engine) == rows, (late, again)


@pytest.mark.parametrize("name", ["postgresql", "mariadb"])
def test_what_cannot_be_taken_apart(name: str, request: pytest.FixtureRequest) -> None:
    with opened(name, request) as (engine, run):
        run("CREATE TABLE t (id integer PRIMARY KEY, name varchar(60), head varchar(3), n integer)")
        as_number = "CAST(nullif(name, 'ten') AS integer)"
        sync = SyncSets(
            name="zz_sync",
            table=T,
            old=(Follower(column="name", expression="head"),),
            new=(
                Follower(column="head", expression="name"),
                Follower(column="n", expression=as_number if name == "postgresql" else "NULL"),
            ),
        )
        for sql in engine.sql(CreateSync(sync=sync)):
            run(sql)
        run("INSERT INTO t (id, name) VALUES (1, '12')")
        assert run("SELECT head FROM t") == [("12",)]
        if engine.capabilities.sync_forgives:
            # Too long for one column, no number for the other: old code knows of neither.
            run("INSERT INTO t (id, name) VALUES (2, '1000'), (3, 'x')")
            assert run("SELECT id, name, head, n FROM t WHERE id > 1 ORDER BY id") == [
                (2, "1000", None, None),
                (3, "x", None, None),
            ]
            run("UPDATE t SET name = '77' WHERE id = 3")
            assert run("SELECT head, n FROM t WHERE id = 3") == [("77", 77)]
            return
        with pytest.raises(pymysql.err.DataError):
            run("INSERT INTO t (id, name) VALUES (2, '1000')")
        assert run("SELECT count(*) FROM t") == [(1,)]
