"""The wizard, once per operation: what it is told is written as a headless session writes it.

The questions and the plan differ by operation, and are walked for each. What comes behind them is the
same for all: it is walked for one of each sort of plan, or for all with MIGWIZ_EVERY_POINT=1.
"""

from __future__ import annotations

import os
import shutil
from configparser import ConfigParser
from pathlib import Path

import pytest
from cases import CASES
from pilot_kit import Driver, driving
from screen_shop import make_session

from wizard.flow import WizardStep
from wizard.model.answers import from_document
from wizard.session import Session

ROLLOUT = {"deployment": "rolling", "migrate": "before"}
#: Read before the environment is frozen for each test.
EVERY = os.environ.get("MIGWIZ_EVERY_POINT") == "1"
#: One file, several deploys, steps outside transactions, rows only, losses, a type, a new table.
WHOLE = (
    *("add_column", "add_index", "backfill", "change_type", "create_enum", "create_table"),
    *("drop_column", "drop_constraint", "drop_table", "rename_column", "split_column"),
)

WALKS = {kind: case.walk for kind, case in CASES.items() if case.walk is not None}


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted((root / "migrations").rglob("*"))
        if path.is_file()
    }


def prepare(root: Path, statement: str) -> None:
    """Change the project's database before the walk."""
    import psycopg

    config = ConfigParser(interpolation=None)
    config.read(root / "alembic.ini")
    url = config["alembic"]["sqlalchemy.url"].replace("%%", "%")
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://")) as connection:
        connection.execute(statement)


def write_headless(session: Session) -> None:
    session.accepted = frozenset({"all"})
    session.write()


async def to_the_end(driver: Driver) -> None:
    """Go on from the plan through all steps, and write."""
    await driver.press("enter")
    assert driver.step is WizardStep.PREVIEW
    await driver.press("f4")
    assert driver.step is WizardStep.WRITE
    for box in driver.app.wizard.query(".loss"):
        box.focus()
        await driver.press("space")
    await driver.press("ctrl+s")
    written = driver.app.return_value
    assert written is not None, driver.text()


async def walk_and_compare(root: Path, kind: str) -> None:
    whole = EVERY or kind in WHOLE
    twin = root.parent / "twin" / "shop"
    shutil.copytree(root, twin)
    walk = WALKS[kind]
    session = make_session(root)
    async with driving(session, size=(100, 30)) as driver:
        await walk.steps(driver)
        assert driver.step is WizardStep.ROLLOUT, driver.text()
        await driver.press("f4")
        assert driver.step is WizardStep.PLAN
        if whole:
            await to_the_end(driver)
    if not whole:
        write_headless(session)

    answers = from_document(
        {"version": 1, "rollout": ROLLOUT, "operation": [{"kind": kind, **walk.values}]},
        source="test",
    )
    headless = make_session(twin, answers)
    write_headless(headless)
    headless.disconnect()
    session.disconnect()
    assert contents(root) == contents(twin)
    assert len(contents(root)) > 4


@pytest.mark.parametrize("kind", WALKS)
async def test_walk_on_postgresql(postgres_shop: Path, kind: str) -> None:
    before = WALKS[kind].before
    if before is not None:
        prepare(postgres_shop, before)
    await walk_and_compare(postgres_shop, kind)


@pytest.mark.parametrize("kind", ["add_column", "add_index", "backfill"])
async def test_walk_on_sqlite(sqlite_shop: Path, kind: str) -> None:
    await walk_and_compare(sqlite_shop, kind)


def test_every_operation_is_walked(sqlite_shop: Path) -> None:
    refused = {kind for kind, case in CASES.items() if case.refused}
    assert {one.kind for one in make_session(sqlite_shop).operations()} == set(WALKS) | refused
