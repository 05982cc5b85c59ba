"""A backfill that overwrites values and keeps the old ones: up, down and up, stops, and other writers."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
import servers
import sqlalchemy as sa
from backfill_processes import nursery
from backfill_runs import QUICK, Place, work_of
from django_projects import django_ok, make_django_project, run_django
from engines import GOLDEN_VERSIONS
from generated import files, opened
from keeping import (
    ODD,
    ROWS,
    execute,
    fill,
    keeping,
    notes,
    odd_revisions,
    odd_table,
    revisions,
    run,
)
from shop import schema_for

from wizard.backfilling.work import stop_if_unready
from wizard.dialects import dialect
from wizard.model.errors import AcknowledgementError
from wizard.model.names import TableName
from wizard.model.schema import Schema, Table
from wizard.model.steps import Backfill
from wizard.operations.base import tables_of

ENGINES = ["postgresql", "mariadb", "mysql", "sqlite"]

DRIVER = re.compile(r"^(mariadb|mysql)://")


@pytest.fixture(params=ENGINES)
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, sa.Engine]]:
    """An engine's name, and a database of it with orders."""
    engine = str(request.param)
    if engine == "sqlite":
        with opened(f"sqlite:///{tmp_path / 'shop.db'}") as database:
            fill(database)
            yield engine, database
        return
    server: servers.TestServer = request.getfixturevalue(
        "postgres15" if engine == "postgresql" else engine
    )
    with (
        server.database() as url,
        opened(DRIVER.sub(r"\1+pymysql://", url)) as database,
    ):
        fill(database)
        yield engine, database


def test_down_brings_back_what_was_there_and_up_may_run_again(
    shop: tuple[str, sa.Engine], tmp_path: Path
) -> None:
    engine, database = shop
    create, change, drop = revisions(engine, tmp_path)
    before = notes(database)
    run(create, database)
    run(change, database)
    assert set(notes(database).values()) == {"new"}
    run(change, database, "downgrade")
    assert notes(database) == before
    run(change, database)
    run(change, database)
    assert set(notes(database).values()) == {"new"}
    run(change, database, "downgrade")
    run(create, database, "downgrade")
    assert notes(database) == before
    assert sa.inspect(database).get_table_names() == ["orders"]
    run(create, database)
    run(change, database)
    run(drop, database)
    assert sa.inspect(database).get_table_names() == ["orders"]
    with pytest.raises(Exception, match="the old values of orders went with"):
        run(drop, database, "downgrade")


def test_what_the_application_does_afterwards_wins(
    shop: tuple[str, sa.Engine], tmp_path: Path
) -> None:
    engine, database = shop
    create, change, _ = revisions(engine, tmp_path)
    before = notes(database)
    run(create, database)
    run(change, database)
    execute(
        database,
        "UPDATE orders SET note = 'theirs' WHERE id = 2",
        "UPDATE orders SET note = NULL WHERE id = 3",
        "DELETE FROM orders WHERE id = 4",
        "UPDATE orders SET id = 9005 WHERE id = 5",
        "DELETE FROM orders WHERE id = 6",
        "INSERT INTO orders VALUES (6, 'another'), (9000, 'new')",
    )
    run(change, database, "downgrade")
    gone = {2: "theirs", 3: None, 9005: "new", 6: "another", 9000: "new"}
    wanted = {at: one for at, one in {**before, **gone}.items() if at not in (4, 5)}
    assert notes(database) == wanted


def test_a_second_run_keeps_what_the_application_wrote_between(
    shop: tuple[str, sa.Engine], tmp_path: Path
) -> None:
    engine, database = shop
    create, change, _ = revisions(engine, tmp_path)
    before = notes(database)
    run(create, database)
    run(change, database)
    execute(database, "UPDATE orders SET note = 'late' WHERE id = 7")
    run(change, database)
    assert set(notes(database).values()) == {"new"}
    run(change, database, "downgrade")
    assert notes(database) == {**before, 7: "late"}


def test_a_run_that_changes_every_row_again_loses_no_first_value(
    shop: tuple[str, sa.Engine], tmp_path: Path
) -> None:
    """What is written differs from run to run, as a moment does: each row is changed twice."""
    engine, database = shop
    execute(database, "CREATE TABLE run (name varchar(40))")
    create, change, _ = revisions(engine, tmp_path, set={"note": "(SELECT max(run.name) FROM run)"})
    before = notes(database)
    run(create, database)
    for name in ("one", "two"):
        execute(database, "DELETE FROM run", f"INSERT INTO run VALUES ('{name}')")
        run(change, database)
        assert set(notes(database).values()) == {name}
    run(change, database, "downgrade")
    assert notes(database) == before


#: The connection that waits for a lock, and how to end it.
WAITING = {
    "postgresql": (
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
        "AND wait_event_type = 'Lock'",
        "SELECT pg_terminate_backend({})",
    ),
    "mysql": (
        "SELECT trx_mysql_thread_id FROM information_schema.innodb_trx "
        "WHERE trx_state = 'LOCK WAIT'",
        "KILL CONNECTION {}",
    ),
}
WAITING["mariadb"] = WAITING["mysql"]


def waiting(engine: str, database: sa.Engine) -> int:
    """The connection that waits for a lock, as soon as one does."""
    pause = threading.Event()
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for _ in range(100):
            found = connection.exec_driver_sql(WAITING[engine][0]).scalar()
            if found is not None:
                return int(found)
            # InnoDB tells anew only when it was not asked for a tenth of a second.
            pause.wait(0.15)
    raise AssertionError("nobody waits for a lock")


class Run(threading.Thread):
    """A migration that runs beside; what it raised is in ``error``."""

    def __init__(self, module: ModuleType, database: sa.Engine) -> None:
        super().__init__()
        self.module, self.database = module, database
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            run(self.module, self.database)
        except sa.exc.SQLAlchemyError as error:
            self.error = error


def test_a_row_that_is_changed_meanwhile_keeps_its_latest_value(
    shop: tuple[str, sa.Engine], tmp_path: Path
) -> None:
    engine, database = shop
    if engine not in WAITING:
        pytest.skip("one writer at a time: no batch can read a row that somebody is changing")
    create, change, _ = revisions(engine, tmp_path)
    before = notes(database)
    run(create, database)
    with database.connect() as other:
        other.exec_driver_sql("UPDATE orders SET note = 'theirs' WHERE id IN (500, 2100)")
        other.exec_driver_sql("UPDATE orders SET note = 'new' WHERE id = 502")
        other.exec_driver_sql("DELETE FROM orders WHERE id = 504")
        beside = Run(change, database)
        beside.start()
        waiting(engine, database)
        other.commit()
    beside.join()
    assert beside.error is None
    assert set(notes(database).values()) == {"new"}
    run(change, database, "downgrade")
    wanted = {**before, 500: "theirs", 2100: "theirs", 502: "new"}
    del wanted[504]
    assert notes(database) == wanted


def test_a_run_that_is_killed_in_a_batch_loses_nothing(
    shop: tuple[str, sa.Engine], tmp_path: Path
) -> None:
    engine, database = shop
    create, change, _ = revisions(engine, tmp_path)
    before = notes(database)
    run(create, database)
    if engine in WAITING:
        with database.connect() as other:
            other.exec_driver_sql("UPDATE orders SET note = 'theirs' WHERE id = 1700")
            beside = Run(change, database)
            beside.start()
            execute(database, WAITING[engine][1].format(waiting(engine, database)))
            beside.join()
        assert beside.error is not None
    else:
        execute(
            database,
            "CREATE TRIGGER stops BEFORE UPDATE ON orders WHEN NEW.id = 1700 "
            "BEGIN SELECT raise(ABORT, 'stopped'); END",
        )
        with pytest.raises(sa.exc.DBAPIError, match="stopped"):
            run(change, database)
        execute(database, "DROP TRIGGER stops")
    with database.connect() as connection:
        kept = connection.exec_driver_sql("SELECT max(id) FROM orders_note_old").scalar()
    assert kept == 1000
    assert {at for at, one in notes(database).items() if one != before[at]} <= set(range(1001))
    run(change, database)
    assert set(notes(database).values()) == {"new"}
    run(change, database, "downgrade")
    assert notes(database) == before


def test_a_run_may_be_stopped_between_batches(shop: tuple[str, sa.Engine], tmp_path: Path) -> None:
    engine, database = shop
    create, change, _ = revisions(engine, tmp_path)
    before = notes(database)
    run(create, database)

    def stop(_: float) -> None:
        raise KeyboardInterrupt

    vars(change)["time"] = SimpleNamespace(monotonic=time.monotonic, sleep=stop)
    with pytest.raises(KeyboardInterrupt):
        run(change, database)
    changed = sum(one != before[at] for at, one in notes(database).items())
    assert 0 < changed <= 1_000
    vars(change)["time"] = SimpleNamespace(monotonic=time.monotonic, sleep=lambda _: None)
    run(change, database, "downgrade")
    assert notes(database) == before


def test_the_runner_keeps_the_old_values_too(shop: tuple[str, sa.Engine], tmp_path: Path) -> None:
    engine, database = shop
    create, change, _ = revisions(engine, tmp_path)
    step = keeping(engine).migrations[1].up[0]
    assert isinstance(step, Backfill)
    before = notes(database)
    url = database.url.render_as_string(hide_password=False)
    place = Place(engine, url.replace("+pymysql", "").replace("+psycopg", ""))
    with pytest.raises(AcknowledgementError, match="orders_note_old is not in this database"):
        stop_if_unready(work_of(engine, step), partial(look_up, schema_for(engine)))
    run(create, database)
    ended = place.run(step, QUICK)
    place.close()
    assert (ended.state, ended.changed) == ("done", ROWS - ROWS // 10)
    assert set(notes(database).values()) == {"new"}
    run(change, database, "downgrade")
    assert notes(database) == before


@pytest.mark.parametrize("engine", ["postgresql", "mariadb"])
def test_a_runner_that_is_killed_loses_no_old_value(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    server: servers.TestServer = request.getfixturevalue(
        "postgres15" if engine == "postgresql" else engine
    )
    create, change, _ = revisions(engine, tmp_path)
    step = keeping(engine).migrations[1].up[0]
    assert isinstance(step, Backfill)
    with (
        server.database() as url,
        opened(DRIVER.sub(r"\1+pymysql://", url)) as database,
        nursery() as runners,
    ):
        fill(database)
        before = notes(database)
        wanted = {at: one for at, one in before.items() if one != "new"}
        run(create, database)
        place = Place(engine, url)
        changed = 0
        # Between two batches it rests, for most of the time.
        resting = replace(QUICK, dead_s=0.25, nice=30.0)
        for _ in range(2):

            def more(so_far: int = changed) -> bool:
                return len(changed_rows(before, database)) > so_far

            assert runners.run(place, resting, kill_when=more, step=step) == "killed"
            gone = changed_rows(before, database)
            assert changed < len(gone) < len(wanted)
            assert gone <= kept(database).keys()
            assert kept(database).items() <= wanted.items()
            changed = len(gone)
        rest = replace(QUICK, dead_s=0.25, first=1_000, most=1_000)
        assert place.run(step, rest).state == "done"
        place.close()
        assert set(notes(database).values()) == {"new"}
        assert kept(database) == wanted
        run(change, database, "downgrade")
        assert notes(database) == before


def changed_rows(before: dict[int, str | None], database: sa.Engine) -> set[int]:
    """The rows that say something else than before."""
    return {at for at, one in notes(database).items() if one != before[at]}


def kept(database: sa.Engine) -> dict[int, str | None]:
    """The old values that are kept, of each row one."""
    with database.connect() as connection:
        rows = connection.execute(sa.text("SELECT * FROM orders_note_old")).mappings().all()
    found = {one["id"]: one["old_note"] for one in rows}
    assert len(found) == len(rows)
    return found


def look_up(schema: Schema, name: TableName) -> Table:
    return tables_of(schema)(name)


def test_the_file_walks_by_itself(shop: tuple[str, sa.Engine], tmp_path: Path) -> None:
    """As the SQL layouts send it."""
    engine, database = shop
    create, _, _ = revisions(engine, tmp_path)
    known = dialect(engine, GOLDEN_VERSIONS[engine])
    (fill_,) = keeping(engine).migrations[1].changes
    before = notes(database)
    run(create, database)
    for steps, wanted in (((fill_.step,), None), (fill_.undo, before)):
        for step in steps:
            assert isinstance(step, Backfill)
            script = known.batch_script(step) or known.sql(step)
            with database.connect().execution_options(isolation_level="AUTOCOMMIT") as one:
                driver = one.connection.driver_connection
                assert driver is not None
                for sql in script:
                    driver.cursor().execute(sql)
        if wanted is None:
            assert set(notes(database).values()) == {"new"}
        else:
            assert notes(database) == wanted


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"set": {"id": "customer_id"}}, "part of the key"),
        (
            {"from": "customers", "where": "customers.id = customer_id"},
            "several of its rows may belong to one",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused(values: dict[str, object], why: str) -> None:
    refused = keeping("postgresql", **values).refused
    assert refused is not None
    assert refused.code == "old-not-kept"
    assert why in refused.why


def test_nothing_is_kept_where_only_nulls_are_filled() -> None:
    plan = keeping("postgresql", where="note IS NULL")
    assert [one.name for one in plan.phases] == ["backfill"]


def test_the_way_back_closes_with_the_contract_phase() -> None:
    expand, backfill, contract = keeping("postgresql").phases
    assert "nothing is lost until orders_note_old is dropped" in backfill.way_back
    assert contract.way_back == "none: the old values of orders went with orders_note_old"
    assert contract.gate is not None
    assert "nothing is lost" in expand.way_back


def test_django_keeps_them_and_puts_them_back(shop: tuple[str, sa.Engine], tmp_path: Path) -> None:
    engine, database = shop
    make_django_project(tmp_path)
    settings = tmp_path / "site_settings.py"
    settings.write_text(settings.read_text().replace('["shop"]', '["app"]'))
    for one in files(keeping(engine), engine, "django", tmp_path / "made"):
        path = tmp_path / "app" / "migrations" / one.path.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(one.content)
    for folder in (path.parent, path.parent.parent):
        (folder / "__init__.py").touch()
    # Django takes a socket for the host.
    url = database.url.render_as_string(hide_password=False).replace("@localhost/", "@/")
    before = notes(database)
    django_ok(tmp_path, url, "migrate app 0002")
    assert set(notes(database).values()) == {"new"}
    execute(database, "UPDATE orders SET note = 'theirs' WHERE id = 2")
    django_ok(tmp_path, url, "migrate app 0001")
    assert notes(database) == {**before, 2: "theirs"}
    django_ok(tmp_path, url, "migrate app")
    refused = run_django(tmp_path, url, "migrate app 0002")
    assert refused.returncode != 0
    assert "the old values of orders went with orders_note_old" in refused.stderr
    assert set(notes(database).values()) == {"new"}


def test_odd_names_and_types_of_a_key_of_two_columns(
    shop: tuple[str, sa.Engine], tmp_path: Path
) -> None:
    engine, database = shop
    create, change, _ = odd_revisions(engine, tmp_path)
    known = dialect(engine, GOLDEN_VERSIONS[engine])
    moment = ODD[engine]
    quoted = ", ".join(known.quote(one.name) for one in odd_table(engine).columns)
    key, other, value, at = quoted.split(", ")
    table = known.table(odd_table(engine).name)
    rows = [(a, f"it's {b}%", None if b % 3 else a * b, "2024-05-01 10:00:00") for a in (1, 2)
            for b in range(40)]  # fmt: skip
    with database.begin() as connection:
        connection.exec_driver_sql(
            f"CREATE TABLE {table} ({key} integer NOT NULL, {other} varchar(40) NOT NULL, "
            f"{value} integer, {at} {moment} NULL, PRIMARY KEY ({key}, {other}))"
        )
        connection.execute(
            sa.text(f"INSERT INTO {table} ({quoted}) VALUES (:a, :b, :c, :d)"),
            [dict(zip("abcd", one, strict=True)) for one in rows],
        )

    def held() -> list[tuple[object, ...]]:
        with database.connect() as connection:
            found = connection.exec_driver_sql(f"SELECT {quoted} FROM {table} ORDER BY 1, 2")
            return [tuple(one) for one in found]

    before = held()
    run(create, database)
    run(change, database)
    assert {(one[2], str(one[3])[:10]) for one in held()} == {(7, "2030-01-01")}
    run(change, database)
    run(change, database, "downgrade")
    assert held() == before
