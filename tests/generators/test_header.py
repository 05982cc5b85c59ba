from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pytest

from generators.base import Job
from generators.header import describe, header_lines, laid_out, table_of
from wizard.dialects import dialect
from wizard.dialects.base import Size
from wizard.model.inverse import change
from wizard.model.names import TableName
from wizard.model.plan import Grade, Lock, Migration, PhaseName, Reversibility
from wizard.model.schema import Check, Column, ForeignKey, Index, IndexPart
from wizard.model.steps import (
    STEP_TYPES,
    AddColumn,
    AddForeignKey,
    AddIndex,
    Assignment,
    Backfill,
    DropColumn,
    DropConstraint,
    LockTables,
    Nothing,
    Require,
    SetNotNull,
    ValidateConstraint,
)

ORDERS, CUSTOMERS = TableName("orders"), TableName("customers")
STATUS = Column(name="status", type="text")
KEY = ForeignKey(
    columns=("customer_id",), ref_table=CUSTOMERS, ref_columns=("id",), name="fk", validated=False
)
CHECK = Check(name="ck", expression="status IS NOT NULL", validated=False)


def lines(
    *changes: object,
    budget: int | None = 2_000,
    rows: int = 1_000,
    phase: PhaseName = "expand",
    kind: str = "schema",
    deploy: Mapping[PhaseName, str] | None = None,
) -> dict[str, str]:
    migration = Migration(
        slug="x", title="x", changes=changes, lock_timeout_ms=budget, kind=kind  # type: ignore[arg-type]
    )  # fmt: skip
    other = Migration(slug="y", title="y", changes=())
    job = Job(
        title="t",
        plan_slug="a-plan",
        migrations=((phase, other), (phase, migration), ("contract", other)),
        dialect=dialect("postgresql", (16,)),
        sizes=lambda _: Size(rows=rows, bytes=rows * 100),
        now=datetime(2026, 11, 23),
        new_id=lambda count: "0" * count,
        deploy=deploy or {},
    )
    return dict(header_lines(job, phase, migration))


def test_an_index_reads_like_the_example() -> None:
    index = Index(name="ix", parts=(IndexPart(column="status"),))
    told = lines(change(AddIndex(table=ORDERS, index=index, concurrently=True)), budget=None)
    assert told["Plan"] == "a-plan · expand · 2 of 2"
    assert (
        told["Up"]
        == "SHARE UPDATE EXCLUSIVE on orders while building, < 10 ms: reads and writes go on"
    )
    assert told["Down"] == "SHARE UPDATE EXCLUSIVE on orders: reads and writes go on · lossless"


def test_a_foreign_key_names_both_tables_and_the_budget() -> None:
    told = lines(
        change(LockTables(tables=(CUSTOMERS, ORDERS), mode="share row exclusive")),
        change(AddForeignKey(table=ORDERS, constraint=KEY)),
    )
    assert told["Up"] == "SHARE ROW EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s"
    assert told["Down"] == (
        "ACCESS EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s · lossless"
    )


def test_a_scan_says_how_long_and_what_waits() -> None:
    told = lines(change(SetNotNull(table=ORDERS, column=STATUS)), rows=120_000_000)
    assert told["Up"] == (
        "ACCESS EXCLUSIVE on orders while reading every row, 12–60 s, waits at most 2 s: "
        "reads and writes wait"
    )


def test_steps_of_several_transactions_follow_each_other() -> None:
    told = lines(
        change(Require(query="SELECT 1", message="m", table=ORDERS)),
        change(ValidateConstraint(table=ORDERS, constraint=CHECK)),
        change(SetNotNull(table=ORDERS, column=STATUS, proof="ck")),
        change(DropConstraint(table=ORDERS, constraint=CHECK)),
    )
    assert told["Up"].count("ACCESS EXCLUSIVE") == 1
    assert "; then ACCESS EXCLUSIVE on orders, < 10 ms" in told["Up"]


def test_the_way_back_is_graded() -> None:
    assert lines(change(AddColumn(table=ORDERS, column=STATUS)))["Down"].endswith(
        "· lossless until status is written"
    )
    assert lines(change(DropColumn(table=ORDERS, column=STATUS)))["Down"].endswith(
        "· structure only: status comes back empty: its values are gone"
    )


@pytest.mark.parametrize(
    ("overwrites", "said"),
    [
        (False, "the filled values harm nothing: nothing to undo · lossless"),
        (True, "not possible: the earlier values of orders were overwritten and are not kept"),
    ],
)
def test_a_backfill(overwrites: bool, said: str) -> None:
    step = Backfill(
        table=ORDERS, assignments=(Assignment(column="a", expression="b"),), needed="a IS NULL",
        key=("id",), key_types=("bigint",), overwrites=overwrites,
    )  # fmt: skip
    told = lines(change(step), budget=None, phase="backfill", kind="data")
    assert told["Plan"] == "a-plan · backfill · 2 of 2 · data only"
    assert told["Up"] == (
        "row locks on one batch at a time, about 0.2 s each; safe to stop and to run again"
    )
    assert told["Down"] == said


@pytest.mark.parametrize(
    ("rows", "key", "kind", "said"),
    [
        (1_000_000, "id", "bigint", None),
        (120_000_000, "id", "bigint", "would go on where it was"),
        (5_000_000, "ctid", "tid", "would go on where it was"),
    ],
)
def test_a_second_run_of_a_long_backfill(rows: int, key: str, kind: str, said: str | None) -> None:
    step = Backfill(
        table=ORDERS,
        assignments=(Assignment(column="note", expression="'x'"),),
        needed="note IS NULL",
        key=(key,),
        key_types=(kind,),
    )
    told = lines(change(step), kind="data", rows=rows)
    assert ("Again" in told) == (said is not None)
    assert told.get("Again", "").endswith(said or "")


def test_nothing_and_the_deploy_text() -> None:
    told = lines(change(Nothing(reason="nothing at all")), deploy={"expand": "now\n  or later"})
    assert told["Deploy"] == "now or later"
    assert told["Up"] == "no lock"
    assert lines(change(ValidateConstraint(table=ORDERS, constraint=CHECK)))["Down"] == (
        "nothing to do: ck stays validated, which harms nothing · lossless"
    )
    assert lines(change(Nothing(reason="")))["Deploy"] == "before the new code starts"


@pytest.mark.parametrize(
    ("milliseconds", "said"),
    [
        ((0, 10), "< 10 ms"), ((0, 33), "< 40 ms"), ((100, 850), "< 900 ms"),
        ((200, 2_000), "up to 2 s"), ((12_000, 60_000), "12–60 s"), ((2_000, 2_000), "about 2 s"),
        ((80_000, 400_000), "1–7 min"), ((3_600_000, 18_000_000), "1–5 h"),
    ],
)  # fmt: skip
def test_lengths(milliseconds: tuple[int, int], said: str) -> None:
    lock = Lock(
        mode="SHARE", on=(ORDERS,), blocks=("writes",), work="build", milliseconds=milliseconds
    )
    assert describe(lock) == f"SHARE on orders while building, {said}: writes wait, reads go on"


def test_long_texts_are_broken_below_their_start() -> None:
    laid = laid_out((("Up", "word " * 30), ("Down", "x")), width=60)
    assert laid[0].startswith("Up       word")
    assert laid[1].startswith("         word")
    assert all(len(line) <= 60 for line in laid)
    assert laid[-1] == "Down     x"


def test_every_step_has_a_table_or_none() -> None:
    assert table_of(Nothing(reason="")) is None
    assert table_of(LockTables(tables=(CUSTOMERS, ORDERS), mode="share")) == CUSTOMERS
    assert len(STEP_TYPES) > 20
    grade = Reversibility(grade=Grade.NONE, reason="gone")
    told = lines(change(DropColumn(table=ORDERS, column=STATUS), reversibility=grade))
    assert told["Down"].endswith("· none: gone")
