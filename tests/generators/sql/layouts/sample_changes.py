"""Migrations of the kinds that layouts treat differently, and their files' texts."""

from __future__ import annotations

from pathlib import Path

from generators.base import FileEdit, Job, Project
from generators.sql import GENERATOR
from wizard.dialects import dialect
from wizard.model.names import TableName
from wizard.model.plan import Change, Migration
from wizard.model.schema import Column, Index, IndexPart
from wizard.model.steps import (
    AddColumn,
    AddIndex,
    Assignment,
    Backfill,
    DropColumn,
    DropIndex,
    Require,
    SetDefault,
    Step,
)

ORDERS = TableName("orders")
STATUS = Column(name="status", type="text")
INDEX = Index(name="ix", parts=(IndexPart(column="status"),))
ADD = AddColumn(table=ORDERS, column=STATUS)
DROP = DropColumn(table=ORDERS, column=STATUS)
LOOK = Require(query="SELECT 1", message="no", table=ORDERS)
BUILD = AddIndex(table=ORDERS, index=INDEX, concurrently=True)
UNBUILD = DropIndex(table=ORDERS, index=INDEX, concurrently=True)
FILL = Backfill(
    table=ORDERS,
    assignments=(Assignment(column="status", expression="'x'"),),
    needed="status IS NULL",
    key=("id",),
    key_types=("bigint",),
)


def migration(*changes: tuple[Step, tuple[Step, ...]]) -> Migration:
    found = tuple(Change(step=step, undo=undo) for step, undo in changes)
    return Migration(slug="a_change", title="a change", changes=found)


ADDED = migration((LOOK, ()), (ADD, (DROP,)))
BUILT = migration((BUILD, (UNBUILD,)))
FILLED = migration((FILL, (DROP,)))


def defaulted(text: str) -> Migration:
    """Return a migration that sets a default of this text; it wants a real dialect."""
    quoted = "'" + text.replace("'", "''") + "'"
    step = SetDefault(table=ORDERS, column=STATUS, default=quoted)
    return migration((step, (step,)))


def imagined(root: Path, layout: str) -> Project:
    return GENERATOR.imagine(root, dialect("postgresql", (16, 0)), layout)


def bodies(edits: tuple[FileEdit, ...]) -> list[str]:
    """Return the files' texts without their headers."""
    return [edit.content.split("\n\n", 1)[1] for edit in edits]


def rendered(root: Path, layout: str, job: Job) -> list[str]:
    return bodies(GENERATOR.render(imagined(root, layout), job))
