"""Two columns under a trigger, hammered by random statements of two sessions: never apart.

Each setting holds one of the traps of safety.md, conclusion 12: defaults, required columns, json,
letters of either case that count as equal, numbers with several forms, other triggers before and
after, sessions in other time zones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from servers import TestServer

from wizard.dialects import dialect
from wizard.dialects.base import Conversion, Dialect
from wizard.model.names import TableName
from wizard.model.schema import Column
from wizard.model.steps import CreateSync, Sync
from wizard.rehearsal.tracer import plain_url

T = TableName("t")
CASELESS = (
    "CREATE COLLATION caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false)"
)
#: Triggers of the application: one that changes the value, one that notes the time.
RAISED = "new.old_one := upper(new.old_one::text); RETURN new;"
TOUCHED = "new.touched := clock_timestamp(); RETURN new;"


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A pair of columns. ``values`` are SQL that either column takes, or each its own."""

    old: Column
    new: Column
    values: tuple[str, ...]
    others: tuple[str, ...] = ()
    leads: str = "both"
    using: str | None = None
    before: tuple[str, ...] = ()
    triggers: dict[str, str] = field(default_factory=dict)
    #: What the follower must be, where the expression itself may fail.
    expected: str | None = None


def column(name: str, kind: str, **options: object) -> Column:
    return replace(Column(name=name, type=kind), **options)


def same(kind: str, *values: str, **options: object) -> Setting:
    collation = options.pop("collation", None)
    triggers = options.pop("triggers", {})
    before = options.pop("before", ())
    return Setting(
        old=column("old_one", kind, collation=collation, **options),
        new=column("new_one", kind, collation=collation),
        values=(*values, "NULL") if options.get("nullable", True) else values,
        triggers=triggers,  # type: ignore[arg-type]
        before=before,  # type: ignore[arg-type]
    )


BIG = ("0", "1", "-1", "7", "2147483647", "NULL")
HUGE = (*BIG, "2147483648", "-9000000000")
INT, LONG = column("old_one", "integer"), column("new_one", "bigint")
WORDS = ("'a'", "'A'", "'it''s'", "''")
SETTINGS = {
    "text with a default": same("text", *WORDS, default="'new'"),
    "text that is required": same("text", *WORDS, default="'new'", nullable=False),
    "json": same("json", "'{\"a\": 1}'", "'{\"a\":1}'", "'[]'", default="'{}'"),
    "jsonb": same("jsonb", "'1.0'", "'1.00'", "'[]'"),
    "numeric": same("numeric", "1", "1.0", "1.00", "2", default="1"),
    "double": same("double precision", "'-0'", "0", "'NaN'", "1"),
    "interval": same("interval", "'1 month'", "'30 days'", "'1 day'", default="'24 hours'"),
    "citext": same("citext", *WORDS, before=("CREATE EXTENSION citext",), default="'a'"),
    "caseless": same("text", *WORDS, collation="caseless", before=(CASELESS,)),
    "caseless domain": same(
        "word", *WORDS, before=(CASELESS, "CREATE DOMAIN word AS text COLLATE caseless")
    ),
    "with other triggers": same(
        "text", *WORDS, default="'new'", triggers={"a_raised": RAISED, "z_touched": TOUCHED}
    ),
    "old leads a number": Setting(
        old=replace(INT, default="3"),
        new=replace(LONG, nullable=False, default="0"),
        values=BIG[:-1],
        leads="old",
    ),
    "new leads a number": Setting(
        old=replace(INT, default="3"),
        new=replace(LONG, default="5"),
        values=BIG,
        others=HUGE,
        leads="new",
    ),
    "old leads a text": Setting(
        old=column("old_one", "text", default="'12'"),
        new=column("new_one", "integer"),
        values=("'1'", "' 2 '", "'-3'", "'nope'", "'99999999999'", "''", "NULL"),
        others=("1", "2", "NULL"),
        leads="old",
        triggers={"z_touched": TOUCHED},
    ),
    "new leads a text": Setting(
        old=column("old_one", "integer"),
        new=column("new_one", "text", default="'12'"),
        values=("1", "2", "NULL"),
        others=("'1'", "' 2 '", "'007'", "'nope'", "''", "NULL"),
        leads="new",
    ),
    "old leads what nobody foresees": Setting(
        old=column("old_one", "text"),
        new=column("new_one", "date"),
        values=("'2020-02-29'", "'2021-02-29'", "''", "NULL"),
        others=("'2020-01-01'", "NULL"),
        leads="old",
        using="to_date(old_one, 'YYYY-MM-DD') + CAST(old_one AS interval(0)) * 0",
        expected="NULL",
    ),
    "old leads a moment": Setting(
        old=column("old_one", "timestamp without time zone", default="'2020-06-01 10:00'"),
        new=column("new_one", "timestamp with time zone"),
        values=("'2020-01-01 10:00'", "'2020-07-01 10:00'", "'infinity'", "NULL"),
        others=("'2020-01-01 10:00+05'", "NULL"),
        leads="old",
    ),
    "new leads a moment": Setting(
        old=column("old_one", "timestamp without time zone"),
        new=column("new_one", "timestamp with time zone", default="now()"),
        values=("'2020-01-01 10:00'", "NULL"),
        others=("'2020-01-01 10:00+05'", "'2020-07-01 10:00'", "'infinity'", "NULL"),
        leads="new",
    ),
    "old leads words": Setting(
        old=column("old_one", "mood", default="'fine'"),
        new=column("new_one", "text"),
        values=("'fine'", "'bad'", "NULL"),
        others=("'fine'", "'other'", "NULL"),
        leads="old",
        before=("CREATE TYPE mood AS ENUM ('fine', 'bad')",),
    ),
    "new leads words": Setting(
        old=column("old_one", "mood"),
        new=column("new_one", "text"),
        values=("'fine'", "'bad'", "NULL"),
        others=("'fine'", "'other'", "'Bad'", "NULL"),
        leads="new",
        before=("CREATE TYPE mood AS ENUM ('fine', 'bad')",),
    ),
    "old leads json": Setting(
        old=column("old_one", "json", default='\'{"b": 1, "a": 2}\''),
        new=column("new_one", "jsonb"),
        values=('\'{"a":1,"a":2}\'', "'[]'", "'1.00'", "NULL"),
        others=("'{}'", "NULL"),
        leads="old",
    ),
}


def conversion_of(engine: Dialect, one: Setting) -> Conversion:
    # Forward over the old name, back over the new one.
    there = replace(one.new, name=one.old.name)
    found = engine.conversion(one.old, there, using=one.using, enums=("mood",))
    back = engine.conversion(replace(one.old, name=one.new.name), one.new, enums=("mood",))
    return replace(found, to_old=back.to_old, returns=back.returns)


def sync_of(engine: Dialect, one: Setting) -> Sync:
    found = Sync(name="zz_sync", table=T, old=one.old.name, new=one.new.name)
    if one.leads == "both":
        return replace(found, compare_as=engine.compare_as(one.old))
    conversion = conversion_of(engine, one)
    return replace(
        found,
        compare_as=engine.compare_as(one.new),
        leads=one.leads,  # type: ignore[arg-type]
        to_new=conversion.to_new,
        to_old=conversion.to_old,
        forgiving=(conversion.misfits if one.leads == "old" else conversion.closes) is None,
    )


def apart(engine: Dialect, one: Setting) -> str:
    """Return the predicate for rows that the trigger has not kept in step."""
    if one.leads == "both":
        as_ = engine.compare_as(one.old)
        return engine.distinct(one.old.name, one.new.name, compare_as=as_)
    if one.expected is not None:
        return engine.distinct(one.new.name, one.expected)
    conversion = conversion_of(engine, one)
    if one.leads == "old":
        as_ = engine.compare_as(one.new)
        return engine.distinct(conversion.to_new, one.new.name, compare_as=as_)
    as_ = engine.compare_as(one.old)
    return engine.distinct(one.old.name, conversion.to_old, compare_as=as_)


@st.composite
def statements(draw: st.DrawFn, one: Setting) -> list[tuple[int, str]]:
    """Statements of an application, each with the session that runs it."""
    given_values = {"old_one": one.values, "new_one": one.others or one.values}

    def assigned(names: list[str]) -> list[tuple[str, str]]:
        return [
            (name, draw(st.sampled_from((*given_values[name], "DEFAULT"))))
            if name != "note"
            else (name, "'x'")
            for name in names
        ]

    subsets = st.lists(
        st.sampled_from(["old_one", "new_one", "note"]), min_size=1, max_size=3, unique=True
    )
    found, leads = [], one.leads
    for _ in range(draw(st.integers(3, 10))):
        what = draw(st.sampled_from(["insert", "insert", "update", "update", "upsert", "same"]))
        key = draw(st.integers(1, 4))
        pairs = assigned(draw(subsets))
        # A column that only follows may be written when its row is new, never by itself.
        changed = [one for one in pairs if leads != "new" or one[0] != "old_one"]
        sets = ", ".join(f"{name} = {value}" for name, value in changed or [("note", "'z'")])
        names = ", ".join(name for name, _ in pairs)
        values = ", ".join(value for _, value in pairs)
        insert = f"INSERT INTO t (id, {names}) VALUES ({key}, {values}) ON CONFLICT (id) DO "
        found.append(
            (
                draw(st.integers(0, 1)),
                {
                    "insert": insert + "NOTHING",
                    "update": f"UPDATE t SET {sets} WHERE id >= {key}",
                    "upsert": insert + f"UPDATE SET {sets}",
                    "same": f"UPDATE t SET old_one = t.old_one, note = 'y' WHERE id = {key}",
                }[what],
            )
        )
    return found


@pytest.fixture
def sessions(fresh_database: str) -> Iterator[tuple[psycopg.Connection[tuple[object, ...]], ...]]:
    url = plain_url(fresh_database)
    with psycopg.connect(url, autocommit=True) as one, psycopg.connect(url, autocommit=True) as two:
        two.execute("SET TimeZone = 'Asia/Kathmandu'")
        yield one, two


@pytest.mark.parametrize("name", SETTINGS)
def test_the_follower_is_never_left_behind(
    name: str, sessions: tuple[psycopg.Connection[tuple[object, ...]], ...], postgres: TestServer
) -> None:
    one = SETTINGS[name]
    engine = dialect("postgresql", postgres.version)
    first = sessions[0]
    for sql in one.before:
        try:
            first.execute(sql.encode())
        except psycopg.errors.FeatureNotSupported:
            pytest.skip("needs the extensions of a whole PostgreSQL: apt-get install postgresql")
    first.execute(_table(one).encode())
    for trigger, body in one.triggers.items():
        first.execute(
            f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS "
            f"'BEGIN {body} END'".encode()
        )
        first.execute(
            f"CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON t FOR EACH ROW "
            f"EXECUTE FUNCTION {trigger}()".encode()
        )
    for sql in engine.sql(CreateSync(sync=sync_of(engine, one))):
        first.execute(sql.encode())
    wrong = f"SELECT id, old_one::text, new_one::text FROM t WHERE {apart(engine, one)}".encode()
    seen = 0

    @settings(
        max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(done=statements(one))
    def hammer(done: list[tuple[int, str]]) -> None:
        nonlocal seen
        first.execute("TRUNCATE t")
        for session, sql in done:
            try:
                sessions[session].execute(sql.encode())
            except psycopg.errors.NotNullViolation:
                # The application's own mistake; nothing of it may be left.
                assert not one.old.nullable
            assert first.execute(wrong).fetchall() == [], done
        seen += 1

    hammer()
    assert seen >= 12


def _table(one: Setting) -> str:
    def written(each: Column) -> str:
        words = [each.name, each.type]
        if each.collation:
            words.append(f"COLLATE {each.collation}")
        if each.default:
            words.append(f"DEFAULT {each.default}")
        return " ".join(words) + ("" if each.nullable else " NOT NULL")

    return (
        f"CREATE TABLE t (id int PRIMARY KEY, {written(one.old)}, {written(one.new)}, note text, "
        "touched timestamptz)"
    )
