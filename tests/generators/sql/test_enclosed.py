"""What a runner that knows no opt-out runs, after a person and instead of one, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from layout_plans import ODD, ORDERS, files, index
from servers import TestServer

from generators.base import FileEdit
from generators.sql.statements import split
from wizard.model.plan import Change, Migration
from wizard.model.steps import Assignment, Backfill, Nothing

Make = Callable[[str, Path], tuple[FileEdit, ...]]

TABLE = "CREATE TABLE orders (id bigserial PRIMARY KEY, status text)"
ROWS = "INSERT INTO orders (status) SELECT NULL FROM generate_series(1, 10001)"
FILL = Backfill(
    table=ORDERS,
    assignments=(Assignment(column="status", expression=ODD),),
    needed="status IS NULL",
    key=("id",),
    key_types=("bigint",),
)


def run(url: str, edit: FileEdit, *, whole: bool) -> None:
    """Run a file in one transaction, or each statement for itself."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=not whole) as session:
        for one in split(edit.up, dialect="postgresql"):
            session.execute(one.encode())


def backfill(_: str, root: Path) -> tuple[FileEdit, ...]:
    change = Change(step=FILL, undo=(Nothing(reason="nothing to undo"),))
    migration = Migration(
        slug="fill", title="x", changes=(change,), kind="data", transactional=False
    )
    return files("drizzle", root, migration)


@pytest.mark.parametrize("make", [index, backfill], ids=["index", "rows"])
def test_a_table_that_is_not_tiny_wants_a_person_first(
    make: Make, postgres18: TestServer, tmp_path: Path
) -> None:
    edits = make("drizzle", tmp_path)
    (alone,) = [one for one in edits if one.path.parent.name == "by_hand"]
    inside = [one for one in edits if one.up and one.path.parent.name == "drizzle"]
    guarded = next(one for one in inside if one.path.name == alone.path.name)
    with postgres18.database("enclosed") as url:
        with psycopg.connect(url.replace("+psycopg", "")) as session:
            session.execute(TABLE)
            session.execute(ROWS)
        with pytest.raises(psycopg.errors.RaiseException, match="run by_hand/"):
            run(url, guarded, whole=True)
        run(url, alone, whole=False)
        for one in inside:
            run(url, one, whole=True)


@pytest.mark.parametrize("make", [index, backfill], ids=["index", "rows"])
def test_a_tiny_one_does_not(make: Make, postgres18: TestServer, tmp_path: Path) -> None:
    edits = make("drizzle", tmp_path)
    with postgres18.database("enclosed") as url:
        with psycopg.connect(url.replace("+psycopg", "")) as session:
            session.execute(TABLE)
        for one in edits:
            if one.path.parent.name == "drizzle":
                run(url, one, whole=True)
