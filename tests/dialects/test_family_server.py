"""What MySQL's and MariaDB's SQL does on a real MariaDB: attributes, guards, batches, views."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pymysql
import pytest
from family_steps import COPY, DELETE, FILL, NOTE
from family_truth import Session, fresh, session_of
from servers import TestServer
from step_examples import ORDERS, VIEW

from wizard.dialects.mariadb import dialect
from wizard.dialects.mysql_family.family import Family
from wizard.dialects.mysql_family.statements import statements
from wizard.dialects.parameters import rebind
from wizard.model.inverse import inverse
from wizard.model.names import TableName
from wizard.model.schema import Check, Column, Index, IndexPart, Storage, Table
from wizard.model.steps import (
    AddColumn,
    Assignment,
    Backfill,
    Batched,
    ChangeType,
    CreateShadowView,
    DropNotNull,
    DropShadowView,
    Impossible,
    Require,
    SetDefault,
    SetNotNull,
    Step,
)


@pytest.fixture(scope="module")
def open_session(mariadb: TestServer) -> Iterator[Session]:
    with mariadb.database("family") as url, session_of(url) as session:
        yield session


@pytest.fixture
def session(open_session: Session) -> Session:
    fresh(open_session)
    open_session.run("SET SESSION sql_mode = DEFAULT")
    return open_session


@pytest.fixture(scope="module")
def engine(mariadb: TestServer) -> Family:
    return dialect(mariadb.version)


def shown(session: Session, column: str) -> str:
    """Return the column's line of SHOW CREATE TABLE."""
    text = str(session.rows("SHOW CREATE TABLE orders")[0][1])
    line = next(one for one in text.splitlines() if one.strip().startswith(f"`{column}`"))
    return line.strip().rstrip(",")


FULL = Column(
    name="full",
    type="varchar(20)",
    nullable=True,
    default="'it''s \\\\ new'",
    collation="utf8mb4_bin",
    comment="it's 100% \\ here",
    invisible=True,
    check="`full` <> 'x'",
)
MOMENT = Column(
    name="moment",
    type="timestamp(3)",
    nullable=True,
    default="current_timestamp(3)",
    on_update="current_timestamp(3)",
    comment="touched",
)
EVERYTHING = (
    (FULL, SetNotNull(table=ORDERS, column=FULL)),
    (FULL, ChangeType(table=ORDERS, column=FULL, to=replace(FULL, type="varchar(40)"))),
    (FULL, ChangeType(table=ORDERS, column=FULL, to=replace(FULL, type="text"))),
    (FULL, SetDefault(table=ORDERS, column=FULL, default="concat('a', 'b')")),
    (FULL, SetDefault(table=ORDERS, column=FULL, default=None)),
    (MOMENT, SetNotNull(table=ORDERS, column=MOMENT)),
    (MOMENT, SetDefault(table=ORDERS, column=MOMENT, default=None)),
    (MOMENT, ChangeType(table=ORDERS, column=MOMENT, to=replace(MOMENT, type="timestamp(6)"))),
)


@pytest.mark.parametrize(("column", "step"), EVERYTHING, ids=lambda one: type(one).__name__)
def test_there_and_back_loses_no_attribute(
    column: Column, step: Step, session: Session, engine: Family
) -> None:
    session.run(*engine.sql(AddColumn(table=ORDERS, column=column)))
    session.run(f"UPDATE orders SET `{column.name}` = DEFAULT")
    before = shown(session, column.name)
    session.run(*engine.sql(step))
    between = shown(session, column.name)
    assert between != before
    words = (f"COMMENT '{(column.comment or '').replace(chr(39), chr(39) * 2)}'", "on update")
    for word in words[: 2 if column.on_update else 1]:
        assert word.replace("\\", "\\\\").lower() in between.lower()
    if column.invisible:
        assert "INVISIBLE" in between
        assert "CHECK (`full` <> 'x')" in between
        assert "utf8mb4_bin" in between
    for back in inverse(step)[0]:
        session.run(*engine.sql(back))
    assert shown(session, column.name) == before


def test_a_short_modify_would_lose_them(session: Session, engine: Family) -> None:
    """The fact for which every MODIFY restates the whole column."""
    session.run(*engine.sql(AddColumn(table=ORDERS, column=FULL)))
    session.run("ALTER TABLE orders MODIFY COLUMN `full` varchar(20), ALGORITHM=INPLACE")
    assert shown(session, "full") == "`full` varchar(20) DEFAULT NULL"


def test_dropping_a_default_by_alter_column_would_lose_on_update(session: Session) -> None:
    session.run("ALTER TABLE orders ALTER COLUMN touched DROP DEFAULT")
    assert "ON UPDATE" not in shown(session, "touched")


def test_a_loose_session_would_bend_values(session: Session, engine: Family) -> None:
    session.run("SET SESSION sql_mode = ''", "UPDATE orders SET note = NULL WHERE id = 3")
    for one in engine.sql(SetNotNull(table=ORDERS, column=NOTE)):
        with pytest.raises(pymysql.Error):
            session.run(one)
    session.run("ALTER TABLE orders MODIFY COLUMN note varchar(50) NOT NULL, ALGORITHM=INPLACE")
    assert session.rows("SELECT note FROM orders WHERE id = 3") == [("",)]


def test_a_change_of_the_schema_commits(session: Session) -> None:
    session.run(
        "START TRANSACTION",
        "DELETE FROM old_orders",
        "INSERT INTO old_orders VALUES (1, 'kept')",
        "ALTER TABLE plain ADD COLUMN extra int",
        "ROLLBACK",
    )
    assert session.rows("SELECT note FROM old_orders") == [("kept",)]


def test_a_statement_that_was_not_waited_for_in_time(
    mariadb: TestServer, session: Session, engine: Family
) -> None:
    name = session.rows("SELECT DATABASE()")[0][0]
    with session_of(mariadb.server.url_of(name)) as other:
        other.run("START TRANSACTION", "SELECT 1 FROM orders LIMIT 1")
        session.run(*engine.budget(20))
        number, text = session.error(*engine.sql(AddColumn(table=ORDERS, column=FULL)))
        other.run("ROLLBACK")
    assert (number, "Lock wait timeout" in text) == (1205, True)
    assert engine.budget(20) == ("SET SESSION lock_wait_timeout = 1",)
    assert engine.budget(2_500) == ("SET SESSION lock_wait_timeout = 2",)
    session.run("SET SESSION lock_wait_timeout = DEFAULT")


def test_a_guard_stops_with_its_message(session: Session, engine: Family) -> None:
    long = "x" * 600
    for message, told in (
        ("that's 100% wrong \\ %s", "that's 100% wrong \\ %s"),
        (long, long[:497] + "…"),
    ):
        step = Require(
            query="SELECT id FROM orders WHERE note = 'note7' LIMIT 5;",
            message=message,
            table=ORDERS,
        )
        assert session.error(*engine.sql(step)) == (1644, told)
    session.run(*engine.sql(replace(step, query="SELECT id FROM orders WHERE note = 'none'")))
    grouped = "SELECT customer_id, count(*) FROM orders GROUP BY customer_id HAVING count(*) > 900"
    session.run(*engine.sql(replace(step, query=grouped)))
    assert session.error(*engine.sql(Impossible(reason="it's gone")))[1] == "it's gone"


def test_a_view_takes_writes_under_either_name(session: Session, engine: Family) -> None:
    rows = session.rows("SELECT count(*) FROM orders")
    session.run(*engine.sql(CreateShadowView(view=VIEW)))
    # The view shows the columns that it was made with; `place` has no default.
    session.run("ALTER TABLE orders_base MODIFY COLUMN place point NULL")
    session.run(
        "INSERT INTO orders (id, code, status) VALUES (901, 'a', 'one')",
        "INSERT INTO orders (id, code, status_code) VALUES (902, 'b', 'two')",
        "UPDATE orders SET status = 'three' WHERE id = 902",
        "UPDATE orders SET status_code = 'four' WHERE id = 901",
        "REPLACE INTO orders (id, code, status) VALUES (901, 'a', 'five')",
        "INSERT INTO orders (id, code, status) VALUES (902, 'b', 'x') "
        "ON DUPLICATE KEY UPDATE status = 'six'",
    )
    assert session.rows("SELECT status, status_code FROM orders WHERE id > 900 ORDER BY id") == [
        ("five", "five"),
        ("six", "six"),
    ]
    assert session.error("INSERT INTO orders (id, code, status, status_code) VALUES (9, 'c', 1, 2)")
    session.run("DELETE FROM orders WHERE id > 900", *engine.sql(DropShadowView(view=VIEW)))
    assert session.rows("SELECT count(*) FROM orders") == rows
    assert session.rows("SHOW FULL TABLES WHERE table_type = 'VIEW'") == []


KEYS = (("id",), ("bigint",)), (("code", "id"), ("varchar(20)", "bigint"))


def walk(session: Session, engine: Family, step: Batched, size: int) -> tuple[int, int]:
    """Run all batches as a runner does; return batches and rows changed."""
    found, values, batches, total = engine.batch(step), {"size": size}, 0, 0
    walking, change = found.walk_first, found.first
    while True:
        with session.connection.cursor() as cursor:
            cursor.execute(rebind(walking or "", "psycopg", engine.name), values)
            last = cursor.fetchone()
            if last[0] is None:
                return batches, total
            values |= {f"upto_{at}": one for at, one in enumerate(last)}
            cursor.execute(rebind(change, "psycopg", engine.name), values)
            total += cursor.rowcount
        batches += 1
        values |= {f"after_{at}": one for at, one in enumerate(last)}
        walking, change = found.walk_following, found.following


@pytest.mark.parametrize(("names", "kinds"), KEYS)
def test_batches_change_each_row_once(
    names: tuple[str, ...], kinds: tuple[str, ...], session: Session, engine: Family
) -> None:
    session.run("UPDATE orders SET note = NULL WHERE id % 2 = 0")
    step = replace(FILL, key=names, key_types=kinds, batch=7)
    assert walk(session, engine, step, 7) == (29, 100)
    assert walk(session, engine, step, 7) == (29, 0)
    session.run("UPDATE orders SET note = NULL WHERE id % 3 = 0")
    session.run(*engine.batch_script(step))
    assert session.rows("SELECT count(*) FROM orders WHERE note IS NULL") == [(0,)]


def test_batches_delete_and_copy(session: Session, engine: Family) -> None:
    assert walk(session, engine, DELETE, 50) == (4, 1)
    session.run("INSERT INTO old_orders VALUES (1, 'was there')")
    assert walk(session, engine, COPY, 30)[1] == 198
    assert walk(session, engine, COPY, 30)[1] == 0
    assert session.rows("SELECT note FROM old_orders WHERE id = 1") == [("was there",)]
    session.run("DELETE FROM old_orders", *engine.batch_script(COPY))
    assert session.rows("SELECT count(*) FROM old_orders") == [(199,)]
    at_once = replace(COPY, key=(), key_types=())
    session.run("DELETE FROM old_orders WHERE id < 100", *engine.sql(at_once), *engine.sql(at_once))
    assert session.rows("SELECT count(*) FROM old_orders") == [(199,)]
    # Any other clash is an error, and no row is passed over in silence.
    session.run("DELETE FROM old_orders", "ALTER TABLE old_orders ADD UNIQUE (note)")
    session.run("INSERT INTO old_orders VALUES (999, 'note5')")
    assert session.error(*engine.sql(COPY))[0] == 1062


def test_values_from_another_table_and_from_each_other(session: Session, engine: Family) -> None:
    step = Backfill(
        table=ORDERS,
        assignments=(Assignment(column="note", expression="customers.name"),),
        needed="orders.note <> customers.name",
        key=("id",),
        key_types=("bigint",),
        join="customers",
        on="orders.customer_id = customers.id",
    )
    assert walk(session, engine, step, 60)[1] == 200
    session.run(
        "UPDATE orders SET note = NULL", *engine.batch_script(replace(step, needed="note IS NULL"))
    )
    assert session.rows("SELECT count(*) FROM orders WHERE note IS NULL") == [(0,)]
    # `code` is set from `note` as it was, although `note` is named first.
    session.run("UPDATE orders SET note = 'old'")
    both = replace(
        FILL,
        assignments=(
            Assignment(column="note", expression="'new'"),
            Assignment(column="code", expression="note"),
        ),
        needed="true",
    )
    session.run(*engine.sql(both))
    assert session.rows("SELECT DISTINCT code, note FROM orders") == [("old", "new")]


def test_the_script_stops_at_a_row_that_stays_locked(
    mariadb: TestServer, session: Session, engine: Family
) -> None:
    name = session.rows("SELECT DATABASE()")[0][0]
    session.run("UPDATE orders SET note = NULL")
    (script,) = engine.batch_script(replace(FILL, batch=20))
    assert "DO SLEEP(walk_attempt +" in script
    quick = script.replace("innodb_lock_wait_timeout = 2", "innodb_lock_wait_timeout = 0")
    quick = quick.replace("SLEEP(walk_attempt +", "SLEEP(walk_attempt * 0.01 +")
    with session_of(mariadb.server.url_of(name)) as other:
        other.run("START TRANSACTION", "SELECT 1 FROM orders WHERE id = 150 FOR UPDATE")
        number, text = session.error(quick)
        assert (number, "stayed locked" in text) == (1644, True)
        done = session.rows("SELECT count(*) FROM orders WHERE note IS NOT NULL")[0][0]
        assert 20 <= done < 150
        other.run("ROLLBACK")
    session.run(script)
    assert session.rows("SELECT count(*) FROM orders WHERE note IS NULL") == [(0,)]


def test_a_step_is_fitted_to_its_table(session: Session, engine: Family) -> None:
    """What a row format, an index and a FULLTEXT index rule out, the dialect knows."""
    extra = Column(name="extra", type="int")
    plain = Table(name=ORDERS, columns=(NOTE,))
    words = Index(name="ft", parts=(IndexPart(column="body"),), method="fulltext")
    pair = Index(name="ix", parts=(IndexPart(column="note"), IndexPart(column="code")))
    cases: tuple[tuple[str, Table, Step], ...] = (
        (
            "ALTER TABLE orders ROW_FORMAT=COMPRESSED",
            replace(plain, storage=Storage(row_format="Compressed")),
            AddColumn(table=ORDERS, column=extra),
        ),
        (
            "ALTER TABLE orders ADD FULLTEXT INDEX ft (body)",
            replace(plain, indexes=(words,)),
            AddColumn(table=ORDERS, column=extra),
        ),
        (
            "ALTER TABLE orders ADD FULLTEXT INDEX ft (body)",
            replace(plain, indexes=(words,)),
            DropNotNull(
                table=ORDERS, column=Column(name="code", type="varchar(20)", nullable=False)
            ),
        ),
        (
            "ALTER TABLE orders ADD INDEX ix (note, code)",
            replace(plain, indexes=(pair,)),
            inverse(AddColumn(table=ORDERS, column=NOTE))[0][0],
        ),
        (
            "DO 0",
            replace(
                plain, indexes=(Index(name="ix_orders_note", parts=(IndexPart(column="note"),)),)
            ),
            inverse(AddColumn(table=ORDERS, column=NOTE))[0][0],
        ),
    )
    for make, table, step in cases:
        fresh(session)
        session.run(make)
        assert session.error(*engine.sql(step))[0] in (1845, 1846), make
        session.run(*engine.sql(engine.fit(step, table)))


def test_a_rule_in_a_column_is_kept(session: Session, engine: Family) -> None:
    """MariaDB drops it in an instant, and without a word, when MODIFY does not repeat it."""
    session.run("ALTER TABLE orders MODIFY COLUMN note varchar(50) CHECK (note <> 'x')")
    rule = Check(expression="`note` <> 'x'", columns=("note",))
    table = Table(name=ORDERS, columns=(NOTE,), constraints=(rule,))
    steps: tuple[Step, ...] = (
        SetDefault(table=ORDERS, column=NOTE, default="'new'"),
        SetDefault(table=ORDERS, column=replace(NOTE, default="'new'"), default="uuid()"),
        SetNotNull(table=ORDERS, column=replace(NOTE, default="uuid()")),
    )
    for step in steps:
        session.run(*engine.sql(engine.fit(step, table)))
        assert "CHECK (`note` <> 'x')" in shown(session, "note")
    bare = DropNotNull(table=ORDERS, column=replace(NOTE, nullable=False))
    session.run(*engine.sql(bare))
    assert "CHECK" not in shown(session, "note")


def test_a_table_with_a_name_that_needs_quotes(session: Session, engine: Family) -> None:
    odd = TableName("Odd `table`")
    column = Column(name="größe", type="int(11)", comment="a ` b")
    table = Table(name=odd, columns=(column, replace(column, name="order")))
    from wizard.model.steps import CreateTable, DropTable

    session.run(*statements(CreateTable(table=table), engine.ways))
    session.run(*engine.sql(SetDefault(table=odd, column=column, default="5")))
    session.run(*engine.sql(DropTable(table=table)))
