"""A runner with one transaction for everything makes a plan worse, and that is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from shop import LARGE, plan_of

from generators.base import Project
from generators.sql import GENERATOR
from wizard.dialects import dialect
from wizard.dialects.base import Size
from wizard.running import shared_transaction

PG = dialect("postgresql", (16, 4))
HUGE = Size(rows=120_000_000, bytes=48_000_000_000)


def project(layout: str, root: Path) -> Project:
    return GENERATOR.imagine(root, PG, layout)


def test_work_under_the_locks_of_earlier_files_is_said(tmp_path: Path) -> None:
    plan = plan_of("set_not_null", rollout=LARGE, name="postgresql", version=(16, 4))
    found = shared_transaction(project("typeorm", tmp_path), plan, PG, lambda _: HUGE)
    assert found is not None
    assert found.code == "whole-run-transaction"
    assert "typeorm runs all pending files in one transaction" in found.what
    assert "--transaction each" in found.safer


@pytest.mark.parametrize("layout", ["dbmate", "golang-migrate", "rails"])
def test_runners_with_a_transaction_for_each_file_are_fine(tmp_path: Path, layout: str) -> None:
    plan = plan_of("set_not_null", rollout=LARGE, name="postgresql", version=(16, 4))
    assert shared_transaction(project(layout, tmp_path), plan, PG, lambda _: HUGE) is None


def test_one_short_file_is_fine(tmp_path: Path) -> None:
    plan = plan_of("add_column", rollout=LARGE, name="postgresql", version=(16, 4))
    assert shared_transaction(project("knex", tmp_path), plan, PG, lambda _: HUGE) is None


def test_without_transactions_for_changes_nothing_is_shared(tmp_path: Path) -> None:
    maria = dialect("mariadb", (10, 11, 19))
    plan = plan_of("set_not_null", rollout=LARGE, name="mariadb", version=(10, 11, 19))
    assert shared_transaction(project("knex", tmp_path), plan, maria, lambda _: HUGE) is None
