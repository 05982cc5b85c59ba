"""The files of a backfill that keeps old values, by framework and engine, as golden files.

After a change that is meant: ``MIGWIZ_GOLDEN=1 pytest tests/backfilling/test_keep_old_files.py``.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from engines import GOLDEN_VERSIONS, PLACES
from generated import files
from keeping import keeping
from shop import ORDERS_TABLE
from test_golden import GOLDEN, UPDATE

from wizard.dialects import dialect
from wizard.model.errors import AnswerError
from wizard.operations.backfill import OPERATION
from wizard.questions import Situation

#: A framework for each engine, two for the first.
FILES = [
    ("postgresql", "alembic"),
    ("postgresql", "seaorm"),
    ("mariadb", "sql/dbmate"),
    ("mysql", "django"),
    ("sqlite", "alembic"),
]


@pytest.mark.parametrize("engine", ["mysql", "mariadb", "sqlite"])
def test_seaorm_is_refused_where_a_batch_is_two_statements(engine: str, tmp_path: Path) -> None:
    with pytest.raises(AnswerError, match="no SeaORM file that keeps old values"):
        files(keeping(engine), engine, "seaorm", tmp_path)


def test_prisma_is_refused_where_nothing_opens_a_transaction(tmp_path: Path) -> None:
    with pytest.raises(AnswerError, match="in no transaction"):
        files(keeping("sqlite"), "sqlite", "sql/prisma", tmp_path)


@pytest.mark.parametrize(("engine", "target"), FILES)
def test_files(engine: str, target: str, tmp_path: Path) -> None:
    written = {
        f"{one.phase}-{one.path.name}": one.content
        for one in files(keeping(engine), engine, target, tmp_path)
    }
    folder = GOLDEN / "backfill_keeping" / engine / target.replace("/", "-")
    if UPDATE:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*"):
            old.unlink()
        for name, content in written.items():
            (folder / name).write_text(content)
    assert written == {path.name: path.read_text() for path in sorted(folder.glob("*"))}


def test_it_is_asked_only_where_values_are_overwritten() -> None:
    question = OPERATION.question("keep_old")
    assert question is not None
    known = dialect("postgresql", GOLDEN_VERSIONS["postgresql"])
    asked = partial(Situation, table=ORDERS_TABLE, dialect=known)
    assert not question.when(asked(values={}))
    assert question.when(asked(values={"set": {"note": "'x'"}}))
    assert question.when(asked(values={"set": {"note": "'x'"}, "where": "id > 3"}))
    assert not question.when(asked(values={"set": "note = 'x'", "where": "note IS NULL"}))
    assert question.default(asked()) is None


def test_keeping_cannot_be_chosen_without_a_key_or_where_it_is_not_built() -> None:
    question = OPERATION.question("keep_old")
    assert question is not None
    bare = replace(ORDERS_TABLE, constraints=(), indexes=())
    known = dialect("postgresql", GOLDEN_VERSIONS["postgresql"])
    found = [
        question.choices(Situation(table=table, dialect=one))[0].disabled
        for table, one in (
            (ORDERS_TABLE, known),
            (bare, known),
            *((ORDERS_TABLE, one.dialect) for one in PLACES),
        )
    ]
    assert found[0] == ""
    assert found[1] == "rows have no key by which to find them again"
    assert len(found) > 2
    assert all(one.startswith("not on ") for one in found[2:])
