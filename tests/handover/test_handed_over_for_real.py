"""The command lines of a plan, run as the plan shows them, against what its files would have made."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from handover_shop import ORDERS, ROWS, Shop, shop_on
from projects import alembic_ok, make_alembic_project
from servers import TestServer

from wizard.model.answers import Answers, OperationAnswers, freeze
from wizard.model.handover import Handover
from wizard.model.plan import Plan
from wizard.session import Environment, Session

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(
        shutil.which("pt-online-schema-change") is None,
        reason="needs pt-online-schema-change: apt-get install percona-toolkit",
    ),
]
#: Each copies or rebuilds the table: by which deployment it may be planned, and its answers.
CHANGES: dict[str, tuple[str, dict[str, object]]] = {
    "change_type": ("maintenance", {"column": "amount", "type": "bigint"}),
    "add_check": ("rolling", {"name": "paid", "expression": "amount < 50"}),
    "set_not_null": ("rolling", {"column": "note", "fill": "''"}),
}


def address(shop: Shop) -> str:
    """The shop's URL, whose password stands in an option file."""
    return (
        f"mariadb://{shop.server.host}:{shop.server.port}/{shop.server.database}"
        f"?read_default_file={shop.server.defaults_file}"
    )


@contextmanager
def planned(shop: Shop, kind: str) -> Iterator[tuple[Session, Plan]]:
    """The plan of a change of the shop's orders, which are said to be many."""
    deployment, values = CHANGES[kind]
    answers = freeze({"table": "orders", **values})
    session = Session(
        Environment(
            root=shop.folder, environ={}, now=datetime(2026, 11, 23, tzinfo=UTC), seed="frozen"
        ),
        Answers(operations=(OperationAnswers(kind=kind, values=answers),)),
    )
    session.put("database.url", address(shop))
    session.put("rollout.rows", 5_000_000)
    session.put("rollout.deployment", deployment)
    try:
        yield session, session.plan()
    finally:
        session.disconnect()


def shape(shop: Shop) -> str:
    """The table as the server writes it, without how far its numbers are."""
    return re.sub(r" AUTO_INCREMENT=\d+", "", shop.definition())


def run_files(shop: Shop, session: Session, plan: Plan, slugs: tuple[str, ...]) -> None:
    """Run the statements of some files, as their upgrade does."""
    dialect = session.dialect()
    with shop.connected() as cursor:
        for migration in plan.migrations:
            for step in migration.up if migration.slug in slugs else ():
                for statement in dialect.sql(step):
                    cursor.execute(statement)


def command_of(handover: Handover, shop: Shop) -> tuple[tuple[str, ...], tuple[str, ...]]:
    assert handover.best is not None
    assert handover.best.command is not None
    command = handover.best.command
    assert command.dry_run is not None
    for words in command.lines:
        assert not [one for one in words if str(shop.host.password) in one]
    return command.dry_run, command.execute


@pytest.mark.parametrize("kind", CHANGES)
def test_the_tool_makes_what_the_files_would_have_made(
    mariadb: TestServer, steering: Path, kind: str
) -> None:
    with shop_on(mariadb, steering, prefix="by_files") as other:
        other.load(ORDERS)
        with planned(other, kind) as (session, plan):
            (handover,) = plan.handovers
            run_files(other, session, plan, tuple(one.slug for one in plan.migrations))
            expected, rows = shape(other), other.rows()
    with shop_on(mariadb, steering, prefix="by_tool") as shop:
        shop.load(ORDERS)
        before = shape(shop)
        with planned(shop, kind) as (session, plan):
            (handover,) = plan.handovers
            first = plan.migrations.index(
                next(one for one in plan.migrations if one.slug == handover.migrations[0])
            )
            # The files before it run as they are.
            run_files(shop, session, plan, tuple(one.slug for one in plan.migrations[:first]))
        dry_run, execute = command_of(handover, shop)
        done = shop.run(dry_run)
        assert done.returncode == 0, done.stdout + done.stderr
        assert (shape(shop), shop.tables()) == (before, {"orders"})
        done = shop.run(execute)
        assert done.returncode == 0, done.stdout + done.stderr
        assert expected != before
        assert (shape(shop), shop.rows()) == (expected, rows)
        assert len(rows) == ROWS


def test_alembic_goes_on_behind_the_tool_and_back(shop: Shop) -> None:
    shop.load(ORDERS, "UPDATE orders SET note = NULL WHERE id % 9 = 0")
    make_alembic_project(shop.folder)
    url = address(shop).replace("mariadb://", "mysql+pymysql://")
    alembic_ok(shop.folder, url, "upgrade", "head")
    before = shape(shop)
    with planned(shop, "set_not_null") as (session, _):
        written = session.write(all_phases=True)
    first, by_tool, *others = written.stages
    assert [one.handover is not None for one in (first, by_tool)] == [False, True]
    assert others == []
    assert by_tool.handover is not None

    def run(command: str) -> None:
        """Run a command as it is shown, of which the first words name Alembic and its project."""
        words = command.split()
        assert words[0] == "alembic"
        alembic_ok(shop.folder, url, *words[1:])

    run(first.command)
    done = shop.run(command_of(by_tool.handover, shop)[1])
    assert done.returncode == 0, done.stdout + done.stderr
    after = shape(shop)
    run(by_tool.command)
    assert "(head)" in alembic_ok(shop.folder, url, "current")
    alembic_ok(shop.folder, url, "upgrade", "head")
    assert shape(shop) == after != before
    alembic_ok(shop.folder, url, "downgrade", "8c1f2a40d511")
    assert shape(shop) == before


def test_the_server_is_that_of_the_url(shop: Shop) -> None:
    shop.load(ORDERS)
    with planned(shop, "change_type") as (_, plan):
        (handover,) = plan.handovers
    assert handover.best is not None
    assert handover.best.command is not None
    words = handover.best.command.execute
    assert f"--defaults-file={shop.server.defaults_file}" in words
    assert words[-1] == (
        f"h={shop.server.host},P={shop.server.port},D={shop.server.database},t=orders"
    )
    assert len(handover.fill_in) == 1, "only that production may be elsewhere"
    # A plain MariaDB has the variable of Galera, too.
    assert not any(word.startswith("--max-flow-ctl") for word in words)
