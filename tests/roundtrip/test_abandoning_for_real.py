"""A rename that is given up on its way: the files that take it back bring tables and rows back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pymysql
import pytest
from projects import alembic_ok, make_alembic_project
from pymysql.constants import CLIENT
from servers import TestServer
from sqlalchemy import create_engine, make_url, text

from wizard.journal import Journal, read
from wizard.model.answers import Answers, OperationAnswers, freeze
from wizard.model.errors import AcknowledgementError, AnswerError
from wizard.model.schema import Schema, comparable
from wizard.model.steps import Backfill
from wizard.session import Environment, Leaving, Session, Written

SHOP = (
    "CREATE TABLE customers (id integer PRIMARY KEY, code varchar(20) UNIQUE)",
    "CREATE TABLE orders (id integer PRIMARY KEY, code varchar(20) DEFAULT 'c1' NOT NULL,"
    " total integer, CONSTRAINT ck_code CHECK (code <> ''),"
    " CONSTRAINT fk_code FOREIGN KEY (code) REFERENCES customers (code))",
    "CREATE INDEX ix_orders_code ON orders (code, total)",
    *(f"INSERT INTO customers VALUES ({n}, 'c{n}')" for n in range(9)),
    *(f"INSERT INTO orders VALUES ({n}, 'c{n % 7}', {n})" for n in range(1, 40)),
)
SLUG = "rename-orders-code"
CODE = {"kind": "rename_column", "table": "orders", "column": "code", "to": "status", "how": "sync"}
MORE = {"kind": "add_column", "table": "orders", "column": "more", "type": "text"}
LOWER = {
    "kind": "backfill",
    "table": "orders",
    "set": {"total": "7"},
    "where": "total < 20",
}


def send(url: str, script: str) -> None:
    """Send a whole file at once, as golang-migrate does."""
    parts = make_url(url)
    with pymysql.connect(
        host=parts.host,
        port=parts.port or 3306,
        user=parts.username,
        password=parts.password or "",
        database=parts.database,
        autocommit=True,
        client_flag=CLIENT.MULTI_STATEMENTS,
    ) as connection:
        cursor = connection.cursor()
        cursor.execute(script)
        while cursor.nextset():
            pass


@dataclass(frozen=True)
class Shop:
    """A database and the project that changes it; ``layout`` is empty for Alembic."""

    root: Path
    url: str
    server: TestServer
    layout: str = ""

    def run(self, *statements: str) -> list[Any]:
        engine = create_engine(self.url)
        try:
            with engine.begin() as connection:
                for one in statements:
                    done = connection.execute(text(one))
                return list(done) if done.returns_rows else []
        finally:
            engine.dispose()

    def session(self, asked: dict[str, object] | None = None, *accepted: str) -> Session:
        values = dict(asked or CODE)
        operation = OperationAnswers(kind=str(values.pop("kind")), values=freeze(values))  # type: ignore[arg-type]
        environment = Environment(
            root=self.root,
            environ={"DATABASE_URL": self.url},
            now=datetime(2026, 11, 23, 10, 20, tzinfo=UTC),
            seed="test",
        )
        answers = Answers(operations=(operation,)).put("rollout.rows", 120_000_000)
        if self.layout:
            answers = answers.put("project.framework", "sql").put("project.layout", self.layout)
            answers = answers.put("project.directory", "migrations")
        return Session(environment, answers, accepted=accepted)

    def picture(self) -> tuple[Schema, list[Any]]:
        session = self.session()
        found = [session.table(one.name) for one in session.tables()]
        session.disconnect()
        tables = tuple(one for one in found if one.name.name != "alembic_version")
        orders = next(one for one in tables if one.name.name == "orders")
        names = ", ".join(sorted(one.name for one in orders.columns))
        bare = tuple(
            replace(one, triggers=tuple(replace(each, definition="") for each in one.triggers))
            for one in tables
        )
        return comparable(Schema(tables=bare)), self.run(f"SELECT {names} FROM orders ORDER BY id")

    def apply(self, written: Written) -> None:
        if not self.layout:
            alembic_ok(self.root, self.url, "upgrade", "head")
            return
        for path in written.paths:
            if path.name.endswith(".up.sql"):
                send(self.url, path.read_text())

    def until(self, last: str) -> Journal:
        """Write and run the phases of the plan up to one."""
        session = self.session()
        written = session.write()
        self.apply(written)
        while written.phase != last:
            session.forget()
            written = session.write_next(session.resume(SLUG), confirmed=True)
            self.apply(written)
        session.disconnect()
        return written.journal

    def abandon(self, name: str = SLUG, *accepted: str, **leaving: Any) -> Written:
        session = self.session(None, *accepted)
        try:
            return session.abandon(session.resume(name), Leaving(**leaving))
        finally:
            session.disconnect()

    def finish(self, written: Written) -> list[str]:
        """Run what takes the plan back, phase after phase; return the phases."""
        phases: list[str] = [written.phase]
        self.apply(written)
        while written.journal.next_phase is not None:
            session = self.session()
            written = session.write_next(session.resume(written.journal.slug), confirmed=True)
            session.disconnect()
            assert written.notes == ()
            self.apply(written)
            phases.append(written.phase)
        return phases


@pytest.fixture
def shop(request: pytest.FixtureRequest, tmp_path: Path, postgres18: TestServer) -> Iterator[Shop]:
    make_alembic_project(tmp_path)
    with postgres18.database() as url:
        shop = Shop(tmp_path, url, postgres18)
        shop.run(*SHOP)
        yield shop


@pytest.mark.parametrize(
    ("last", "phases"),
    [
        ("expand", ["contract"]),
        ("backfill", ["contract"]),
        ("contract", ["expand", "backfill", "validate", "contract"]),
    ],
)
def test_what_was_there_comes_back(shop: Shop, last: str, phases: list[str]) -> None:
    before = shop.picture()
    path = shop.until(last).path
    assert path is not None
    there = shop.picture()
    # What the application writes meanwhile is there under the old name, too.
    name = "status" if last == "contract" else "code"
    shop.run(f"INSERT INTO orders (id, {name}, total) VALUES (77, 'c8', 5)")
    head = alembic_ok(shop.root, shop.url, "heads").split()[0]
    written = shop.abandon(confirmed=True, reason="the name is to stay")
    abandoned = read(path).abandoned
    assert abandoned is not None
    assert (abandoned.reason, abandoned.by) == ("the name is to stay", f"abandon-{SLUG}")
    assert shop.finish(written) == phases
    shop.run("DELETE FROM orders WHERE id = 77 AND code = 'c8'")
    assert shop.picture() == before
    # And the taking back can be taken back.
    alembic_ok(shop.root, shop.url, "downgrade", head)
    assert shop.picture() == there
    session = shop.session()
    with pytest.raises(AnswerError) as caught:
        session.write_next(session.resume(SLUG), confirmed=True)
    assert caught.value.code == "plan-abandoned"
    assert f"migwiz next abandon-{SLUG}" in caught.value.next_actions[0]


def test_by_files_of_plain_sql(mariadb: TestServer, tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    up = "up:\n\tmigrate -path migrations -database $(DATABASE_URL) up\n"
    (tmp_path / "Makefile").write_text(up)
    with mariadb.database() as url:
        shop = Shop(tmp_path, url, mariadb, "golang-migrate")
        # Its index serves no foreign key: the server would not let it go before the key.
        shop.run(*SHOP, "ALTER TABLE orders DROP FOREIGN KEY fk_code")
        before = shop.picture()
        shop.until("contract")
        assert shop.picture()[0] != before[0]
        written = shop.abandon(confirmed=False)
        assert shop.finish(written) == ["expand", "backfill", "validate", "contract"]
        assert shop.picture() == before


def test_the_last_step_waits_for_people_and_for_the_fill(shop: Shop) -> None:
    shop.until("validate")
    with pytest.raises(AcknowledgementError) as caught:
        shop.abandon()
    assert caught.value.code == "gate"
    assert "every running instance says code again, and none status" in caught.value.message
    assert "migwiz abandon rename-orders-code --gate-open" in caught.value.next_actions[0]
    assert not list((shop.root / "migrations" / "plans").glob("*abandon*"))


def test_the_contract_of_taking_back_checks_that_the_old_column_is_filled(shop: Shop) -> None:
    shop.until("contract")
    written = shop.abandon()
    shop.apply(written)
    last = written.journal.phases[-1]
    assert last.gate is not None
    assert last.gate.query == "SELECT id FROM orders WHERE status IS DISTINCT FROM code LIMIT 5"
    session = shop.session()
    # Whoever fills the rows fills them in the direction of the plan that takes back.
    (piece,) = session.backfills(session.resume(f"abandon-{SLUG}")).pieces
    assert isinstance(piece.work.step, Backfill)
    assert [one.column for one in piece.work.step.assignments] == ["code"]
    with pytest.raises(AnswerError, match="is abandoned since"):
        session.backfills(session.resume(SLUG))
    for phase in ("backfill", "validate", "contract"):
        session.forget()
        written = session.write_next(session.resume(f"abandon-{SLUG}"), confirmed=True)
        assert written.phase == phase
        if phase != "contract":
            shop.apply(written)
    assert "IS DISTINCT FROM" in written.edits[0].content
    assert "still differ: run the backfill to its end first" in written.edits[0].content


def refused(shop: Shop, code: str, **leaving: Any) -> AcknowledgementError:
    before = {path: path.read_bytes() for path in shop.root.rglob("*") if path.is_file()}
    with pytest.raises(AcknowledgementError) as caught:
        shop.abandon(confirmed=True, **leaving)
    assert caught.value.code == code
    assert {path: path.read_bytes() for path in shop.root.rglob("*") if path.is_file()} == before
    return caught.value


def test_what_was_never_run_is_simply_removed(shop: Shop) -> None:
    session = shop.session()
    first = session.write()
    error = refused(shop, "nothing-applied")
    for path in first.paths:
        assert path.relative_to(shop.root).as_posix() in error.next_actions[0]
    shop.apply(first)
    session.forget()
    session.write_next(session.resume(SLUG), confirmed=True)
    # A backfill leaves no trace in a table's definition: it counts as run.
    shop.run("CREATE TABLE unrelated (id integer)")
    written = shop.abandon(confirmed=True)
    assert read(written.paths[-1]).abandoned is not None


def test_files_of_the_last_phase_alone_are_removed_first(shop: Shop) -> None:
    shop.until("expand")
    session = shop.session()
    last = session.write_next(session.resume(SLUG), confirmed=True)
    shop.apply(last)
    session.forget()
    last = session.write_next(session.resume(SLUG), confirmed=True)
    session.disconnect()
    error = refused(shop, "nothing-applied")
    assert error.message == f"{SLUG}: validate is not applied in this database"
    files = [path for path in last.paths if path.suffix == ".py"]
    for path in files:
        assert path.relative_to(shop.root).as_posix() in error.next_actions[0]
        path.unlink()
    assert ".toml" not in error.next_actions[0]
    back = shop.abandon(confirmed=True).journal.takes_back
    assert back is not None
    assert back.phases == ("expand", "backfill")


def test_it_is_written_anyway_when_asked(shop: Shop) -> None:
    shop.session().write()
    assert shop.abandon(confirmed=True, anyway=True).journal.slug == f"abandon-{SLUG}"


def test_half_a_phase_is_not_taken_back_unasked(shop: Shop) -> None:
    shop.until("expand")
    shop.run("DROP TRIGGER zz_sync_orders_code_status ON orders")
    error = refused(shop, "plan-undone")
    assert "--write-anyway" in error.next_actions[-1]


def test_a_loss_is_accepted_first(shop: Shop) -> None:
    session = shop.session(MORE)
    shop.apply(session.write())
    session.disconnect()
    shop.run("UPDATE orders SET more = 'x'")
    with pytest.raises(AcknowledgementError) as caught:
        shop.abandon("add-more-to-orders", confirmed=True)
    assert caught.value.code == "loss-not-accepted"
    assert "dropping more loses what was written to it since" in caught.value.message
    written = shop.abandon("add-more-to-orders", "all", confirmed=True)
    shop.finish(written)
    assert "more" not in {one.name for table in shop.picture()[0].tables for one in table.columns}


def test_what_has_no_way_back_is_refused(shop: Shop) -> None:
    session = shop.session(LOWER, "all")
    written = session.write()
    session.disconnect()
    shop.apply(written)
    with pytest.raises(AcknowledgementError) as caught:
        shop.abandon(written.journal.slug, "all", confirmed=True)
    assert caught.value.code == "no-way-back"
    assert "overwritten" in caught.value.message


def test_an_abandoned_change_can_be_begun_anew(shop: Shop) -> None:
    path = shop.until("expand").path
    shop.finish(shop.abandon(confirmed=True))
    session = shop.session()
    again = session.write()
    assert path is not None
    assert again.journal.path == path.with_name(f"{path.stem}-2.toml")
    shop.apply(again)
    session.forget()
    # Both have one name: the one that goes on is meant.
    assert session.write_next(session.resume(SLUG), confirmed=True).phase == "backfill"
    with pytest.raises(AnswerError) as caught:
        shop.abandon(f"abandon-{SLUG}", confirmed=True)
    assert caught.value.code == "takes-back-already"
