"""Every step of PostgreSQL's dialect, through both layouts, parses and keeps to the runners' rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import odd_steps
import pytest

from generators.base import Job
from generators.sql import GENERATOR
from generators.sql.layouts import layouts
from generators.sql.statements import split
from wizard.dialects import dialect
from wizard.model.names import TableName
from wizard.model.plan import Change, Migration
from wizard.model.schema import Check, Column, ForeignKey, Index, IndexPart, NotNull, Unique
from wizard.model.steps import (
    STEP_TYPES,
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
    DropNotNull,
    DropShadowView,
    DropSync,
    Impossible,
    LockTables,
    Nothing,
    RebuildTable,
    RenameColumn,
    RenameTable,
    Require,
    SetDefault,
    SetNotNull,
    SetVisible,
    ShadowView,
    Step,
    Sync,
    ValidateConstraint,
)
from wizard.model.syncs import Follower, SyncSets

ORDERS = TableName("Orders", "shop")
COLUMN = Column(name="order", type="text", nullable=False, default="'a;b'", comment="it's; one")
INDEX = Index(
    name="Ix",
    parts=(IndexPart(column="order", order="desc"), IndexPart(expression="lower(note)")),
    unique=True,
    where="note <> ';'",
)
CHECK = Check(name="c", expression="note <> '$$;'", validated=False)
KEY = ForeignKey(name="k", columns=("order",), ref_table=TableName("b"), ref_columns=("id",))
UNIQUE = Unique(name="u", columns=("order",))
SYNC = Sync(name="s", table=ORDERS, old="order", new="note")
SETS = SyncSets(
    name="s;t",
    table=ORDERS,
    old=(Follower(column="order", expression="coalesce(note, ';')"),),
    new=(Follower(column="note", expression="coalesce(status, 'it''s')"),),
)
VIEW = ShadowView(table=ORDERS, base="base", columns=("id", "order"), old="order", new="note")
WALK: dict[str, Any] = {"table": ORDERS, "needed": "note IS NULL", "key_types": ("bigint",)}

STEPS: tuple[Step, ...] = (
    AddColumn(table=ORDERS, column=COLUMN),
    DropColumn(table=ORDERS, column=COLUMN),
    SetDefault(table=ORDERS, column=COLUMN, default="now()"),
    SetNotNull(table=ORDERS, column=COLUMN),
    DropNotNull(table=ORDERS, column=COLUMN),
    RenameColumn(table=ORDERS, old="order", new="New"),
    RenameTable(table=ORDERS, new="New"),
    AddIndex(table=ORDERS, index=INDEX),
    AddIndex(table=ORDERS, index=INDEX, concurrently=True),
    DropIndex(table=ORDERS, index=INDEX),
    DropIndex(table=ORDERS, index=INDEX, concurrently=True),
    AddForeignKey(table=ORDERS, constraint=KEY),
    AddCheck(table=ORDERS, constraint=CHECK),
    AddNotNull(table=ORDERS, constraint=NotNull(name="n", column="order")),
    AddUnique(table=ORDERS, constraint=UNIQUE),
    AddUnique(table=ORDERS, constraint=UNIQUE, using=INDEX),
    ValidateConstraint(table=ORDERS, constraint=CHECK),
    DropConstraint(table=ORDERS, constraint=UNIQUE, leaves=INDEX),
    CreateSync(sync=SYNC),
    DropSync(sync=SYNC),
    CreateSync(sync=SETS),
    DropSync(sync=SETS),
    CreateShadowView(view=VIEW),
    DropShadowView(view=VIEW),
    Backfill(assignments=(Assignment(column="note", expression="';'"),), key=("id",), **WALK),
    Backfill(
        table=ORDERS,
        needed="note IS NULL",
        assignments=(Assignment(column="note", expression="';'"),),
        key=(),
        key_types=(),
    ),
    DeleteRows(key=("id",), **WALK),
    Require(query="SELECT 1 WHERE ';' = ''", message="it's $$ not; so", table=ORDERS),
    LockTables(tables=(ORDERS, TableName("b")), mode="access exclusive"),
    Nothing(reason="because;"),
    Impossible(reason="it's $$ gone;"),
    *(step for step in odd_steps.STEPS if not isinstance(step, SetVisible)),
)


def test_every_step_is_here() -> None:
    # PostgreSQL alters tables in place, and hides no index.
    assert {type(step) for step in STEPS} == set(STEP_TYPES) - {RebuildTable, SetVisible}


@pytest.mark.parametrize("layout", sorted(layouts()))
@pytest.mark.parametrize("step", STEPS, ids=lambda step: type(step).__name__)
def test_a_step_both_ways(
    tmp_path: Path, make_job: Callable[..., Job], layout: str, step: Step
) -> None:
    engine = dialect("postgresql", (18, 0))
    migration = Migration(
        slug="x", title="x", changes=(Change(step=step, undo=(step,)),), lock_timeout_ms=500
    )
    project = GENERATOR.imagine(tmp_path, engine, layout)
    edits = GENERATOR.render(project, make_job(migration, dialect=engine))

    GENERATOR.check(edits, engine)
    for edit in edits:
        for text in filter(None, (edit.up, edit.down)):
            statements = split(text, dialect="postgresql")
            words = " ".join(statements)
            if "CONCURRENTLY" in words or "COMMIT;" in " ".join(statements[:1]):
                assert len(statements) == 1
            if any(one.startswith("SET LOCAL") for one in statements):
                first = statements[1] if statements[0] == "BEGIN" else statements[0]
                assert first.startswith("SET LOCAL")
