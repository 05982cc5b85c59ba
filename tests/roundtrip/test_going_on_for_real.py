"""A plan over several deploys, while others change the tables: on real servers, by the real Alembic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from projects import alembic_ok, make_alembic_project
from servers import TestServer
from sqlalchemy import create_engine, inspect, text

from wizard.journal import read
from wizard.model.answers import Answers, OperationAnswers, freeze
from wizard.model.errors import AcknowledgementError
from wizard.session import Environment, Force, Session, Written

SHOP = (
    "CREATE TABLE orders (id integer PRIMARY KEY, code varchar(20), note varchar(40))",
    "CREATE INDEX ix_orders_code ON orders (code)",
    *(f"INSERT INTO orders VALUES ({n}, 'c{n % 7}', NULL)" for n in range(1, 40)),
)
SLUG = "rename-orders-code"


@dataclass(frozen=True)
class Shop:
    """A database and the project that changes it."""

    root: Path
    url: str

    def run(self, *statements: str) -> list[Any]:
        engine = create_engine(self.url)
        try:
            with engine.begin() as connection:
                for one in statements:
                    done = connection.execute(text(one))
                return list(done) if done.returns_rows else []
        finally:
            engine.dispose()

    def picture(self) -> dict[str, Any]:
        """The table as SQLAlchemy sees it, and its rows."""
        engine = create_engine(self.url)
        try:
            seen = inspect(engine)
            columns = {
                one["name"]: (str(one["type"]), one["nullable"])
                for one in seen.get_columns("orders")
            }
            indexes = {str(one["name"]): one["column_names"] for one in seen.get_indexes("orders")}
        finally:
            engine.dispose()
        rows = self.run(f"SELECT {', '.join(sorted(columns))} FROM orders ORDER BY id")
        return {"columns": columns, "indexes": indexes, "rows": rows}

    def session(self, **values: str) -> Session:
        asked = values or {"column": "code", "to": "status"}
        operation = OperationAnswers(
            kind="rename_column",
            values=freeze({"table": "orders", "how": "sync", **asked}),  # type: ignore[arg-type]
        )
        environment = Environment(
            root=self.root,
            environ={"DATABASE_URL": self.url},
            now=datetime(2026, 11, 23, 10, 20, tzinfo=UTC),
            seed="test",
        )
        answers = Answers(operations=(operation,)).put("rollout.rows", 120_000_000)
        return Session(environment, answers)

    def upgrade(self) -> None:
        alembic_ok(self.root, self.url, "upgrade", "head")

    def go_on(self, *, force: Force | None = None) -> Written:
        session = self.session()
        try:
            return session.write_next(session.resume(SLUG), confirmed=True, force=force)
        finally:
            session.disconnect()

    def begin(self) -> Written:
        session = self.session()
        try:
            return session.write()
        finally:
            session.disconnect()


@pytest.fixture(params=["sqlite", "postgres18", "mariadb"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    make_alembic_project(tmp_path)
    if request.param == "sqlite":
        shop = Shop(tmp_path, f"sqlite:///{tmp_path}/shop.db")
        shop.run(*SHOP)
        yield shop
        return
    server: TestServer = request.getfixturevalue(request.param)
    with server.database() as url:
        shop = Shop(tmp_path, url)
        shop.run(*SHOP)
        yield shop


def test_a_strangers_index_in_the_middle_gets_its_twin(shop: Shop) -> None:
    written = shop.begin()
    path = written.journal.path
    assert path is not None
    shop.upgrade()
    shop.run("CREATE INDEX ix_theirs ON orders (code, note)")
    told = shop.go_on()
    assert told.phase == "backfill"
    assert (
        told.notes[0] == "since the plan was made: index ix_theirs on orders (code, note) was added"
    )
    assert "ix_theirs" in path.read_text()
    shop.upgrade()
    # What is taken into the plan file is told once.
    assert shop.go_on().notes == ()
    shop.upgrade()
    assert shop.picture()["indexes"]["ix_theirs_status"] == ["status", "note"]
    # And one that comes when the twins are there already gets its own in the last phase.
    shop.run("CREATE INDEX ix_last ON orders (note, code)")
    last = shop.go_on()
    assert last.phase == "contract"
    assert last.journal.phases[-1].late == ("add_ix_last_status",)
    shop.upgrade()
    done = shop.picture()
    assert "code" not in done["columns"]
    assert done["indexes"] == {
        "ix_orders_status": ["status"],
        "ix_theirs_status": ["status", "note"],
        "ix_last_status": ["note", "status"],
    }
    assert [row[2] for row in done["rows"]] == [f"c{n % 7}" for n in range(1, 40)]
    alembic_ok(shop.root, shop.url, "downgrade", "8c1f2a40d511")
    back = shop.picture()
    assert sorted(back["columns"]) == ["code", "id", "note"]
    assert back["indexes"] == {
        "ix_orders_code": ["code"],
        "ix_theirs": ["code", "note"],
        "ix_last": ["note", "code"],
    }


def refused(shop: Shop, code: str) -> AcknowledgementError:
    before = {path: path.read_bytes() for path in shop.root.rglob("*.toml")}
    with pytest.raises(AcknowledgementError) as caught:
        shop.go_on()
    assert caught.value.code == code
    assert {path: path.read_bytes() for path in shop.root.rglob("*.toml")} == before
    return caught.value


def test_what_does_not_fit_any_more_is_refused(shop: Shop) -> None:
    shop.begin()
    error = refused(shop, "phase-not-applied")
    assert "alembic upgrade " in error.next_actions[0]
    shop.upgrade()
    shop.run("ALTER TABLE orders ADD COLUMN more integer")
    assert shop.go_on().notes[0].endswith("column more of orders was added")
    shop.upgrade()
    if not shop.url.startswith("sqlite"):
        longer = (
            "ALTER TABLE orders ALTER COLUMN code TYPE varchar(40)"
            if shop.url.startswith("postgresql")
            else "ALTER TABLE orders MODIFY code varchar(40)"
        )
        shop.run(longer)
        error = refused(shop, "plan-outdated")
        assert "varchar(40)" in error.message or "character varying(40)" in error.message
        assert (
            "“add status to orders” is written as: ALTER TABLE orders ADD COLUMN status"
            in error.why
        )
        shop.run(longer.replace("40", "20"))
    for (name,) in shop.run(TRIGGERS[shop.url.split(":")[0].split("+")[0]]):
        on = " ON orders" if shop.url.startswith("postgresql") else ""
        shop.run(f"DROP TRIGGER {name}{on}")
    error = refused(shop, "plan-undone")
    assert "trigger zz_sync_orders_code_status of orders is not there" in error.message


TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    "mariadb": "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = database()",
}


def test_a_forced_gate_is_kept_with_its_reason(shop: Shop) -> None:
    path = shop.begin().journal.path
    assert path is not None
    shop.upgrade()
    shop.go_on()
    error = refused(shop, "gate")
    assert "rows 1, 2, 3, perhaps more" in error.message
    assert "--force-gate validate --reason" in error.next_actions[-1]
    written = shop.go_on(force=Force(gate="validate", reason="only test data"))
    assert written.notes == ("gate forced: only test data (it found rows 1, 2, 3)",)
    forced = read(path).phases[2].forced
    assert forced is not None
    assert (forced.at, forced.reason, forced.rows) == (
        "2026-11-23T10:20:00Z",
        "only test data",
        ("1", "2", "3"),
    )
