"""Rendered files, run by the real Alembic on real servers: up, down, up, and after accidents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic_kit import (
    CUSTOMERS,
    ORDERS,
    alembic,
    detected,
    job,
    migration,
    postgresql,
    project_files,
    put,
)
from servers import TestServer

from generators.alembic import GENERATOR
from wizard.model.inverse import change
from wizard.model.schema import (
    Check,
    Column,
    ForeignKey,
    Generated,
    Index,
    IndexPart,
    NotNull,
    Unique,
)
from wizard.model.steps import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddIndex,
    AddNotNull,
    AddUnique,
    Assignment,
    Backfill,
    CreateShadowView,
    CreateSync,
    DeleteRows,
    DropColumn,
    DropConstraint,
    DropIndex,
    LockTables,
    Nothing,
    RenameColumn,
    RenameTable,
    Require,
    SetDefault,
    SetNotNull,
    ShadowView,
    Sync,
    ValidateConstraint,
)

TABLES = """
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE customers (id bigint PRIMARY KEY);
INSERT INTO customers SELECT generate_series(1, 100);
CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint,
    status_code varchar(20) NOT NULL DEFAULT 'new',
    note text,
    created_at timestamptz DEFAULT now()
);
INSERT INTO orders (customer_id, status_code, note)
    SELECT 1 + n % 100, 'code ' || n, 'note ' || n FROM generate_series(1, 5000) AS n;
CREATE TABLE lines (
    tenant uuid, sku text, amount integer, doubled integer, PRIMARY KEY (tenant, sku)
);
INSERT INTO lines SELECT md5((n % 50)::text)::uuid, 'sku:' || n, n FROM generate_series(1, 3000) AS n;
"""

KEY = ForeignKey(
    columns=("customer_id",), ref_table=CUSTOMERS, ref_columns=("id",),
    name="orders_customer_id_fkey", on_delete="cascade", validated=False,
)  # fmt: skip
NOTE_CHECK = Check(
    name="orders_note_check", expression="note <> ' :x' AND note NOT LIKE '100%'", validated=False
)
STATUS_PROOF = Check(
    name="orders_status_not_null", expression="status IS NOT NULL", validated=False
)
STATUS = Column(name="status", type="character varying(20)")
STATUS_INDEX = Index(
    name="ix_orders_status",
    parts=(IndexPart(column="status"), IndexPart(column="created_at", order="desc", nulls="last")),
    where="status <> ' :x' AND note LIKE '%o%'",
)
CODE_INDEX = Index(name="orders_code_key", parts=(IndexPart(column="status_code"),), unique=True)
FILL = Backfill(
    table=ORDERS,
    assignments=(Assignment(column="status", expression="status_code"),),
    needed="status IS DISTINCT FROM status_code",
    key=("id",),
    key_types=("bigint",),
)


@pytest.fixture
def url(postgres16: TestServer) -> Iterator[str]:
    with postgres16.database() as url:
        run(url, TABLES)
        yield url


def run(url: str, script: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.connection.driver_connection.execute(script)  # type: ignore[union-attr]
    engine.dispose()


def ask(url: str, query: str) -> object:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(sa.text(query)).scalar()
    engine.dispose()
    return found


def shape(url: str) -> list[str]:
    """Return the columns, constraints, indexes and triggers of a database as text."""
    engine = sa.create_engine(url)
    queries = (
        "SELECT format('%s.%s %s %s %s', c.relname, a.attname, "
        "format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)) "
        "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
        "LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum "
        "WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped "
        "AND c.relname <> 'alembic_version' AND c.relkind IN ('r', 'v')",
        "SELECT format('%s %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace AND contype <> 'n' "
        "AND conname <> 'alembic_version_pkc'",
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' "
        "AND tablename <> 'alembic_version'",
        "SELECT tgname::text FROM pg_trigger WHERE NOT tgisinternal",
    )
    with engine.connect() as connection:
        found = [
            str(one)
            for query in queries
            for one in connection.exec_driver_sql(query.replace("%", "%%"), ()).scalars()
        ]
    engine.dispose()
    return sorted(found)


def everything(version: tuple[int, ...]) -> list[object]:
    """Return migrations that hold every step which PostgreSQL knows."""
    proven = replace(STATUS_PROOF, validated=True)
    unique = Unique(columns=("status_code",), name="orders_code_key")
    found = [
        migration(
            "add columns to orders",
            AddColumn(table=ORDERS, column=STATUS),
            AddColumn(
                table=ORDERS,
                column=Column(
                    name="currency", type="character varying(3)", nullable=False,
                    default="'EUR'::character varying", comment="it's 100% ISO :x",
                ),
            ),
            AddColumn(
                table=ORDERS,
                column=Column(name="odd", type="text", default="'100% \\:x :y ''q'''::text"),
            ),
            AddColumn(
                table=ORDERS,
                column=Column(name="data", type="jsonb", default="""'{"a": ":x", "b": "%s"}'::jsonb"""),
            ),
            AddColumn(table=ORDERS, column=Column(name="mood", type="mood", default="'good'::mood")),
            AddColumn(table=ORDERS, column=Column(name="place", type="point")),
            AddColumn(
                table=ORDERS,
                column=Column(name="seen", type="timestamp with time zone", default="now()"),
            ),
            AddColumn(
                table=ORDERS,
                column=Column(name="size", type="integer", generated=Generated(expression="length(note || ':x')")),
            ),
            AddColumn(
                table=ORDERS,
                column=Column(name="number", type="bigint", nullable=False, identity="by default"),
            ),
            budget=2_000,
        ),
        migration(
            "sync status",
            CreateSync(sync=Sync(name="orders_sync", table=ORDERS, old="status_code", new="status")),
            budget=2_000,
        ),
        migration("fill status", FILL, kind="data", transactional=False),
        migration(
            "double amounts",
            Backfill(
                table=replace(ORDERS, name="lines"),
                assignments=(Assignment(column="doubled", expression="amount * 2"),),
                needed="doubled IS DISTINCT FROM amount * 2 AND sku <> ' :x'",
                key=("tenant", "sku"),
                key_types=("uuid", "text"),
                batch=100,
            ),
            kind="data",
            transactional=False,
        ),
        migration(
            "fill notes at once",
            Backfill(
                table=ORDERS,
                assignments=(Assignment(column="note", expression="note"),),
                needed="note IS NULL",
                key=(),
                key_types=(),
            ),
            kind="data",
        ),
        migration(
            "delete strays",
            change(
                DeleteRows(
                    table=ORDERS, needed="customer_id IS NULL", key=("id",), key_types=("bigint",)
                ),
                undo=(Nothing(reason="there were none"),),
            ),
            kind="data",
            transactional=False,
        ),
        migration(
            "add index on orders (status)",
            Require(query="SELECT 1 FROM orders WHERE note = ' :x'", message="no", table=ORDERS),
            AddIndex(table=ORDERS, index=STATUS_INDEX, concurrently=True),
            transactional=False,
        ),
        migration(
            "add unique index",
            AddIndex(table=ORDERS, index=CODE_INDEX, concurrently=True),
            transactional=False,
        ),
        migration(
            "make it a constraint", AddUnique(table=ORDERS, constraint=unique, using=CODE_INDEX), budget=2_000
        ),
        migration(
            "add a plain index and a unique",
            AddIndex(
                table=ORDERS,
                index=Index(
                    name="ix_orders_lower",
                    parts=(
                        IndexPart(expression="lower(note)"),
                        IndexPart(column="note", opclass="text_pattern_ops"),
                        IndexPart(expression="id + 1"),
                    ),
                    include=("id",),
                ),
            ),
            AddUnique(
                table=ORDERS,
                constraint=Unique(columns=("id", "note"), name="u", deferrable=True, initially_deferred=True),
            ),
            budget=2_000,
        ),
        migration(
            "add foreign key",
            LockTables(tables=(CUSTOMERS, ORDERS), mode="share row exclusive"),
            AddForeignKey(table=ORDERS, constraint=KEY),
            budget=2_000,
        ),
        migration(
            "add checks",
            AddCheck(table=ORDERS, constraint=NOTE_CHECK),
            AddCheck(table=ORDERS, constraint=STATUS_PROOF),
            budget=2_000,
        ),
        migration("validate foreign key", ValidateConstraint(table=ORDERS, constraint=KEY)),
        migration("validate note check", ValidateConstraint(table=ORDERS, constraint=NOTE_CHECK)),
        migration(
            "require status",
            change(ValidateConstraint(table=ORDERS, constraint=STATUS_PROOF), undo=()),
            SetNotNull(table=ORDERS, column=STATUS, proof=STATUS_PROOF.name),
            DropConstraint(table=ORDERS, constraint=proven),
            budget=2_000,
        ),
        migration(
            "drop an index",
            DropIndex(table=ORDERS, index=STATUS_INDEX, concurrently=True),
            transactional=False,
        ),
        migration(
            "default and name",
            SetDefault(table=ORDERS, column=STATUS, default="'a :x'::character varying"),
            RenameColumn(table=ORDERS, old="note", new="remark"),
            RenameTable(table=CUSTOMERS, new="clients"),
            budget=2_000,
        ),
        migration(
            "drop a column", DropColumn(table=ORDERS, column=Column(name="place", type="point")), budget=2_000
        ),
        migration(
            "view",
            CreateShadowView(
                view=ShadowView(
                    table=replace(ORDERS, name="lines"), base="lines_base",
                    columns=("tenant", "sku", "amount", "doubled"), old="amount", new="quantity",
                )
            ),
            budget=2_000,
        ),
    ]  # fmt: skip
    if version >= (18,):
        required = NotNull(name="orders_remark_required", column="remark")
        found += [
            migration("forbid nulls", AddNotNull(table=ORDERS, constraint=required), budget=2_000),
            migration("prove no nulls", ValidateConstraint(table=ORDERS, constraint=required)),
        ]
    return list(found)


@pytest.mark.parametrize("env", ["", ", transaction_per_migration=True"], ids=["run", "each"])
def test_every_step_goes_up_down_and_up(postgres: TestServer, tmp_path: Path, env: str) -> None:
    with postgres.database() as url:
        run(url, TABLES)
        before = shape(url)
        root = project_files(tmp_path, url=url, env=env)
        project = detected(root)
        assert project.transactions == ("each migration" if env else "whole run")
        engine = postgresql((postgres.major,))
        edits = GENERATOR.render(project, job(*everything((postgres.major,)), engine=engine))
        GENERATOR.check(edits, engine)
        put(edits)
        said = alembic(root, "upgrade", "head")
        assert "Traceback" not in said
        assert (
            ask(url, "SELECT count(*) FROM orders WHERE status IS DISTINCT FROM status_code") == 0
        )
        view = "SELECT count(*) FROM lines WHERE doubled = quantity * 2"
        assert ask(url, view) == 3_000
        assert ask(url, "SELECT odd FROM orders LIMIT 1") == "100% \\:x :y 'q'"
        assert ask(url, "SELECT data->>'b' FROM orders LIMIT 1") == "%s"
        assert ask(url, "SELECT mood::text FROM orders LIMIT 1") == "good"
        comment = "SELECT col_description('orders'::regclass, attnum) FROM pg_attribute " \
            "WHERE attrelid = 'orders'::regclass AND attname = 'currency'"  # fmt: skip
        assert ask(url, comment) == "it's 100% ISO :x"
        invalid = "SELECT count(*) FROM pg_constraint WHERE NOT convalidated"
        assert ask(url, invalid) == 0
        check = (
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname LIKE '%note_check'"
        )
        assert "' :x'" in str(ask(url, check))
        assert "'100%'" in str(ask(url, check))
        after = shape(url)
        alembic(root, "downgrade", "base")
        assert shape(url) == before
        alembic(root, "upgrade", "head")
        assert shape(url) == after


def build(root: Path) -> None:
    step = AddIndex(table=ORDERS, index=CODE_INDEX, concurrently=True)
    edits = GENERATOR.render(detected(root), job(migration("index", step, transactional=False)))
    put(edits)


VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('orders_code_key')"


def test_an_interrupted_build_is_repaired(url: str, tmp_path: Path) -> None:
    root = project_files(tmp_path, url=url)
    build(root)
    run(url, "UPDATE orders SET status_code = 'same' WHERE id IN (1, 2)")
    assert "could not create unique index" in alembic(root, "upgrade", "head", fails=True)
    assert ask(url, VALID) is False
    run(url, "UPDATE orders SET status_code = 'other' WHERE id = 1")
    alembic(root, "upgrade", "head")
    assert ask(url, VALID) is True
    alembic(root, "downgrade", "base")
    assert ask(url, VALID) is None


def test_an_index_of_another_definition_is_not_taken_for_ours(url: str, tmp_path: Path) -> None:
    root = project_files(tmp_path, url=url)
    build(root)
    run(url, "CREATE INDEX orders_code_key ON orders (note)")
    assert "exists with another definition" in alembic(root, "upgrade", "head", fails=True)
    run(url, "DROP INDEX orders_code_key")
    alembic(root, "upgrade", "head")
    assert ask(url, VALID) is True


def test_work_outside_a_transaction_runs_again_after_a_later_failure(
    url: str, tmp_path: Path
) -> None:
    root = project_files(tmp_path, url=url)
    index = AddIndex(table=ORDERS, index=CODE_INDEX, concurrently=True)
    column = AddColumn(table=ORDERS, column=STATUS)
    stop = Require(
        query="SELECT 1 FROM customers WHERE id = 7", message="seven is in the way", table=CUSTOMERS
    )
    plan = job(
        migration("add status", column, budget=2_000),
        migration("index", index, transactional=False),
        migration("fill", FILL, kind="data", transactional=False),
        migration("stop", stop),
    )  # fmt: skip
    put(GENERATOR.render(detected(root), plan))
    assert "seven is in the way" in alembic(root, "upgrade", "head", fails=True)
    assert ask(url, VALID) is True
    run(url, "DELETE FROM customers WHERE id = 7")
    alembic(root, "upgrade", "head")
    assert ask(url, "SELECT count(*) FROM orders WHERE status IS NULL") == 0


@pytest.mark.parametrize("careful", [True, False])
def test_locks_of_one_file_are_not_held_in_the_next(
    url: str, tmp_path: Path, careful: bool
) -> None:
    root = project_files(tmp_path, url=url)
    held = (
        "SELECT 1 FROM pg_locks WHERE pid = pg_backend_pid() AND mode = 'AccessExclusiveLock' "
        "AND relation = 'orders'::regclass"
    )
    look = Require(query=held, message="the lock on orders is still held", table=ORDERS)
    other = AddColumn(table=CUSTOMERS, column=Column(name="name", type="text"))
    plan = job(
        migration("one", AddColumn(table=ORDERS, column=STATUS), budget=2_000),
        migration("two", look, other, budget=2_000),
    )
    project = detected(root)
    if not careful:
        # What happens when the shared transaction goes unnoticed: this is what the guard is for.
        project = replace(project, transactions="each migration")
    put(GENERATOR.render(project, plan))
    said = alembic(root, "upgrade", "head", fails=not careful)
    assert ("the lock on orders is still held" in said) is not careful


def test_the_lock_budget_ends_a_wait(url: str, tmp_path: Path) -> None:
    root = project_files(tmp_path, url=url)
    put(
        GENERATOR.render(
            detected(root),
            job(migration("one", AddColumn(table=ORDERS, column=STATUS), budget=50)),
        )
    )
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("LOCK TABLE orders IN ACCESS SHARE MODE")
        assert "lock timeout" in alembic(root, "upgrade", "head", fails=True)
    engine.dispose()
    alembic(root, "upgrade", "head")
