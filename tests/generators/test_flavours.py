"""Files for engines that speak another one's language: what each runner must send, and how."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from engines import PLACES, Place
from shop import EXAMPLES, LARGE, examples_for, planned, schema_for

from generators import generators
from generators.base import FileEdit
from wizard.dialects.base import Size
from wizard.dialects.flavours import engine
from wizard.model.plan import Plan
from wizard.producing import Producer
from wizard.workspace import Environment

TARGETS = ["alembic", "sql/golang-migrate", "sql/dbmate"]
PROXIED = ("PlanetScale", "Vitess")
COCKROACH = Place(dialect=engine("postgresql", (), "cockroachdb 24.1"))
YUGABYTE = Place(dialect=engine("postgresql", (15,), "yugabytedb 2025.1"))
CHUNKS = Place(dialect=engine("postgresql", (16,), "timescaledb 2.21"), where="spread")
CITUS = Place(dialect=engine("postgresql", (16,), "citus 12.1"), where="spread")


def plan_for(place: Place, kind: str) -> Plan:
    return planned(
        kind,
        place.example(kind, examples_for(place.dialect.name)[kind]),
        rollout=LARGE,
        dialect=place.dialect,
        schema=place.schema(schema_for(place.dialect.name)),
    )


def files(place: Place, kind: str, target: str, root: Path) -> list[FileEdit]:
    framework, _, layout = target.partition("/")
    generator = generators()[framework]
    words = (layout,) if layout else ()
    project = generator.imagine(root, place.dialect, *words)
    environment = Environment(
        root=root, environ={}, now=datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC), seed="golden"
    )
    producer = Producer(
        plan=plan_for(place, kind),
        environment=environment,
        dialect=place.dialect,
        sizes=lambda _: Size(rows=LARGE.rows, bytes=LARGE.bytes),
    )
    edits = producer.files(project)
    generator.check(edits, place.dialect)
    return list(edits)


PLANNED = [
    (place, kind)
    for place in PLACES
    for kind in sorted(EXAMPLES)
    if place.asks(kind, examples_for(place.dialect.name)[kind])
    and plan_for(place, kind).refused is None
]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    ("place", "kind"), PLANNED, ids=[f"{kind}-{place.label}" for place, kind in PLANNED]
)
def test_files_are_whole(place: Place, kind: str, target: str, tmp_path: Path) -> None:
    """They compile or parse, and none holds a word that the engine does not know."""
    for edit in files(place, kind, target, tmp_path):
        text = edit.content
        if place.dialect.label.startswith("CockroachDB"):
            assert not re.search(r"(?i)concurrently|not valid|lock_timeout|\bDO \$", text)
        if place.dialect.label.startswith("YugabyteDB"):
            assert not re.search(r"DROP INDEX CONCURRENTLY|LOCK TABLE", text)
            # Only a walk bounds its waits, for rows.
            assert "lock_timeout" not in re.sub(
                r"(?s)DO \$migwiz.*?\$;|--.*?\n|set_config\('lock_timeout'", "", text
            )
            # A table that nobody knows yet is built with its indexes.
            assert "CREATE INDEX ix" not in text or kind in ("create_table", "drop_table")
        if place.dialect.label.startswith(PROXIED):
            assert not re.search(r"ALGORITHM|LOCK=|SESSION|PROCEDURE|TRIGGER|SIGNAL", text)
            changes = re.findall(r"(?:ALTER|CREATE|DROP) (?:TABLE|VIEW)", text)
            online = text.count("SET @@ddl_strategy = 'vitess'")
            assert online == (len(changes) if place.dialect.label.startswith("Vitess") else 0)


@pytest.mark.parametrize("place", [COCKROACH, YUGABYTE], ids=["cockroachdb", "yugabytedb"])
@pytest.mark.parametrize("kind", ["add_column", "add_check", "set_default", "drop_default"])
def test_ddl_shares_no_transaction_in_alembic(place: Place, kind: str, tmp_path: Path) -> None:
    for edit in files(place, kind, "alembic", tmp_path):
        for body in re.findall(
            r"def (?:up|down)grade\(\).*?:\n(.*?)(?=\n\n\n|\Z)", edit.content, re.S
        ):
            calls = [line for line in body.splitlines() if "op." in line]
            outside = [one for one in calls if one.startswith("    op.")]
            assert not outside, outside
            acts = any(one.startswith("        op.") for one in calls)
            assert any("autocommit_block" in one for one in calls) == acts


@pytest.mark.parametrize("place", [COCKROACH, YUGABYTE], ids=["cockroachdb", "yugabytedb"])
def test_ddl_shares_no_transaction_in_sql(place: Place, tmp_path: Path) -> None:
    for edit in files(place, "add_check", "sql/dbmate", tmp_path):
        for section in re.split(r"(?m)^-- migrate:", edit.content)[1:]:
            if "ALTER TABLE" in section:
                assert " transaction:false" in section.splitlines()[0]
                assert section.count("ALTER TABLE") == 1


def test_cockroachdb_drops_a_unique_constraint_by_its_index(tmp_path: Path) -> None:
    (edit,) = files(COCKROACH, "add_unique", "alembic", tmp_path)
    assert 'op.create_unique_constraint(op.f("customers_email_key"), "customers", ["email"])' in (
        edit.content
    )
    assert 'op.execute("DROP INDEX customers@customers_email_key CASCADE")' in edit.content
    assert "drop_constraint" not in edit.content
    assert "A transaction would not undo this: each statement commits by itself." in edit.content


def test_cockroachdb_walks_in_batches_from_alembic_only(tmp_path: Path) -> None:
    (walking,) = files(COCKROACH, "backfill", "alembic", tmp_path)
    assert "while True:" in walking.content
    assert "row locks on one batch at a time" in walking.content
    (whole,) = files(COCKROACH, "backfill", "sql/dbmate", tmp_path)
    assert "UPDATE orders SET note = 'none' WHERE note IS NULL;" in whole.content
    # The header says what the file does.
    assert "row locks on all changed rows until it is done: one statement" in whole.content


def test_timescaledb_builds_and_repairs_without_concurrently(tmp_path: Path) -> None:
    (edit,) = files(CHUNKS, "add_index", "alembic", tmp_path)
    assert "concurrently" not in edit.content
    assert "timescaledb.transaction_per_chunk = true" in edit.content
    up, down = edit.content.split("def downgrade")
    assert 'op.drop_index("ix_orders_status_code_total", "orders")' in up
    assert "SET LOCAL lock_timeout = '2s'" in down
    assert 'op.drop_index("ix_orders_status_code_total", "orders")' in down
    assert "waits at most" not in up.split("Down")[0]
    prepare, build, check = files(CHUNKS, "add_index", "sql/dbmate", tmp_path)
    assert "DROP INDEX ix_orders_status_code_total;" in prepare.up
    assert build.up.count("CREATE INDEX IF NOT EXISTS") == 1
    assert "transaction:false" in build.content
    assert "is not valid" in check.up


def test_yugabytedb_repairs_with_a_plain_drop(tmp_path: Path) -> None:
    (edit,) = files(YUGABYTE, "add_index", "alembic", tmp_path)
    create, drop = (
        re.findall(rf"op\.{word}_index\((.*?)\n? *\)", edit.content, re.S)
        for word in ("create", "drop")
    )
    assert all("postgresql_concurrently=True" in one for one in create)
    assert len(drop) == 2
    assert not any("concurrently" in one for one in drop)


def test_citus_bounds_its_locks_on_every_machine(tmp_path: Path) -> None:
    for target in TARGETS:
        content = "".join(
            one.content for one in files(CITUS, "set_default", target, tmp_path / target)
        )
        local = content.index("SET LOCAL citus.propagate_set_commands = 'local'")
        assert local < content.index("SET LOCAL lock_timeout")
