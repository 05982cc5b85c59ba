from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from servers import TestServer

from wizard.demo.proof import both_names_work, has_column, look, same
from wizard.model.errors import RehearsalError

pytestmark = pytest.mark.server

SHOP = """
CREATE TABLE orders (
    id int PRIMARY KEY, customer_id int, status_code text DEFAULT 'new', status text,
    channel text, total_cents int, placed_at timestamptz
);
INSERT INTO orders (id, status_code, status) VALUES (99999, 'new', 'new'), (1, 'paid', 'paid');
"""
SYNC = """
CREATE FUNCTION sync() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IS DISTINCT FROM OLD.status THEN NEW.status_code := NEW.status;
    ELSIF NEW.status_code IS DISTINCT FROM OLD.status_code THEN NEW.status := NEW.status_code;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sync BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION sync();
"""


@pytest.fixture
def url(postgres18: TestServer) -> Iterator[str]:
    with postgres18.database() as one:
        run(one, SHOP)
        yield one


def run(url: str, statements: str) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statements.encode())


def test_looking_twice_sees_the_same(url: str) -> None:
    assert look(url) == look(url)


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE orders ADD COLUMN note text",
        "ALTER TABLE orders ALTER COLUMN status SET NOT NULL",
        "ALTER TABLE orders ALTER COLUMN status_code SET DEFAULT 'paid'",
        "ALTER TABLE orders ALTER COLUMN total_cents TYPE bigint",
        "ALTER TABLE orders ADD CHECK (total_cents > 0) NOT VALID",
        "CREATE INDEX ON orders (status)",
        "CREATE VIEW v AS SELECT id FROM orders",
        SYNC,
    ],
)
def test_every_kind_of_remainder_is_seen(url: str, change: str) -> None:
    before = look(url)
    run(url, change)
    after = look(url)
    assert after.objects != before.objects
    assert after.rows == before.rows


def test_changed_rows_are_seen(url: str) -> None:
    before = look(url)
    run(url, "UPDATE orders SET status_code = 'done' WHERE id = 1")
    assert look(url).rows != before.rows
    assert look(url).objects == before.objects


def test_a_column_that_went_and_came_back_is_the_same(url: str) -> None:
    before = look(url)
    run(url, "ALTER TABLE orders DROP COLUMN status; ALTER TABLE orders ADD COLUMN status text")
    assert look(url).objects == before.objects


def test_a_check_written_again_in_the_servers_own_words_is_the_same(url: str) -> None:
    run(url, "ALTER TABLE orders ALTER COLUMN status_code TYPE varchar(20)")
    run(url, "ALTER TABLE orders ADD CONSTRAINT ck CHECK (status_code IN ('new', 'paid'))")
    before = look(url)
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'ck'"
        ).fetchone()
        assert row is not None
    run(
        url, f"ALTER TABLE orders DROP CONSTRAINT ck; ALTER TABLE orders ADD CONSTRAINT ck {row[0]}"
    )
    assert look(url) == before
    run(url, "ALTER TABLE orders DROP CONSTRAINT ck")
    run(url, "ALTER TABLE orders ADD CONSTRAINT ck CHECK (status_code IN ('new', 'paid', 'done'))")
    assert look(url) != before


def test_names_that_are_not_kept_in_step_do_not_both_work(url: str) -> None:
    assert has_column(url, "orders", "status")
    assert not has_column(url, "orders", "state")
    assert not both_names_work(url, "status_code", "status")


def test_names_that_are_kept_in_step_both_work_and_nothing_is_changed(url: str) -> None:
    run(url, SYNC)
    before = look(url)
    assert both_names_work(url, "status_code", "status")
    assert look(url) == before


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ("CREATE INDEX left_behind ON orders (total_cents)", "left_behind"),
        ("UPDATE orders SET status_code = 'done' WHERE id = 1", "rows of orders"),
    ],
)
def test_a_way_back_that_leaves_something_is_a_failure(url: str, change: str, seen: str) -> None:
    before = look(url)
    same(before, look(url))
    run(url, change)
    with pytest.raises(RehearsalError) as caught:
        same(before, look(url))
    assert caught.value.code == "demo-failed"
    assert seen in caught.value.why
