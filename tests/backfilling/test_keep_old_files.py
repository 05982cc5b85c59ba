"""The files of a backfill that keeps old values, by framework and engine, as golden files.

After a change that is meant: ``MIGWIZ_GOLDEN=1 pytest tests/backfilling/test_keep_old_files.py``.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from generated import files
from keeping import keeping
from test_golden import GOLDEN, UPDATE

from wizard.model.errors import AnswerError

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
