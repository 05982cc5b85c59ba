"""The same two small plans in every layout, so that each test reads whole files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from generators.base import FileEdit, Job, Project
from generators.sql import GENERATOR
from wizard.dialects import dialect
from wizard.dialects.base import Size
from wizard.model.names import TableName
from wizard.model.plan import Change, Migration
from wizard.model.schema import Column, Index, IndexPart
from wizard.model.steps import AddColumn, AddIndex, DropColumn, DropIndex

NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)
ORDERS = TableName("orders")
#: Text that one or another language would read as its own.
ODD = "'a`${b}\\#{c}?'"
STATUS = Column(name="status", type="text", default=ODD)
VERSIONS = {"postgresql": (16, 0), "mariadb": (11, 4), "sqlite": (3, 45)}
INDEX = Index(name="ix", parts=(IndexPart(column="status"),))


def columns(layout: str | Project, root: Path, engine: str = "postgresql") -> tuple[FileEdit, ...]:
    """Return the files that add a column with an odd default."""
    change = Change(
        step=AddColumn(table=ORDERS, column=STATUS),
        undo=(DropColumn(table=ORDERS, column=STATUS),),
    )
    return files(layout, root, Migration(slug="add_status", title="x", changes=(change,)), engine)


def index(layout: str | Project, root: Path, engine: str = "postgresql") -> tuple[FileEdit, ...]:
    """Return the files that build an index while the table is written to."""
    change = Change(
        step=AddIndex(table=ORDERS, index=INDEX, concurrently=True),
        undo=(DropIndex(table=ORDERS, index=INDEX, concurrently=True),),
    )
    migration = Migration(slug="add_ix", title="x", changes=(change,), transactional=False)
    return files(layout, root, migration, engine)


def files(
    layout: str | Project, root: Path, migration: Migration, engine: str = "postgresql"
) -> tuple[FileEdit, ...]:
    """Return the files of a migration, checked."""
    known = dialect(engine, VERSIONS[engine])
    project = GENERATOR.imagine(root, known, layout) if isinstance(layout, str) else layout
    job = Job(
        title="a change",
        plan_slug="a-change",
        migrations=(("expand", migration),),
        dialect=known,
        sizes=lambda table: Size(rows=1_000_000),
        now=NOW,
        new_id=lambda n: "0" * n,
    )
    edits = GENERATOR.render(project, job)
    GENERATOR.check(edits, known)
    return edits


def whole(edit: FileEdit) -> str:
    """Return the file without the header."""
    return edit.content.split("\n\n", 1)[1]
