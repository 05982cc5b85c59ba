from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pymysql
import pytest
from handover_shop import CHILD, ORDERS, ROWS, TRIGGERS, Shop, need, shop_on, until
from servers import TestServer, installed_mariadb_cluster

from wizard.handover.base import Limits, Need
from wizard.handover.pt_online_schema_change import TOOL
from wizard.model.handover import Command
from wizard.model.names import TableName
from wizard.model.schema import ForeignKey, Reference, Trigger

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(
        shutil.which("pt-online-schema-change") is None,
        reason="needs pt-online-schema-change: apt-get install percona-toolkit",
    ),
]
MARIADB = {"engine": "mariadb", "version": (10, 11)}
IN = Reference(
    table=TableName("items"),
    foreign_key=ForeignKey(
        columns=("order_id",), ref_table=TableName("orders"), ref_columns=("id",), name="fk_order"
    ),
)
COPY_CLASS = {
    "int to bigint": ("MODIFY `id` bigint NOT NULL AUTO_INCREMENT", "id", "bigint(20)"),
    "longer text": ("MODIFY `code` varchar(300) NOT NULL DEFAULT 'é'", "code", "varchar(300)"),
    "a check": ("ADD CONSTRAINT `paid` CHECK (`amount` < 50)", "amount", "int(11)"),
}


def command(shop: Shop, **changes: object) -> Command:
    one = need(**{**MARIADB, **changes})
    assert TOOL.refuses(one) is None
    return TOOL.command(one, Limits(), shop.server)


def succeed(shop: Shop, words: tuple[str, ...] | None) -> str:
    assert words
    assert not [word for word in words if str(shop.host.password) in word]
    done = shop.run(words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert str(shop.host.password) not in done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("change", COPY_CLASS.values(), ids=COPY_CLASS.keys())
def test_it_alters_and_loses_no_row(shop: Shop, change: tuple[str, str, str]) -> None:
    shop.load(ORDERS)
    clause, column, expected = change
    before, rows, was = shop.definition(), shop.rows(), shop.column(column)
    inverse = {
        "id": f"MODIFY `id` {was} NOT NULL AUTO_INCREMENT",
        "code": f"MODIFY `code` {was} NOT NULL DEFAULT 'é'",
        "amount": "DROP CONSTRAINT `paid`",
    }[column]
    lines = command(shop, clauses=(clause,), inverse=(inverse,), inverse_may_cut=False)

    succeed(shop, lines.dry_run)
    assert (shop.definition(), shop.rows(), shop.tables()) == (before, rows, {"orders"})

    succeed(shop, lines.execute)
    assert shop.column(column) == expected
    assert shop.definition() != before
    assert (shop.rows(), shop.rows("_orders_old")) == (rows, rows)
    assert shop.tables() == {"orders", "_orders_old"}
    assert len(rows) == ROWS

    shop.load(lines.after[0].split("then: ")[1].split(";")[0])
    shop.load("INSERT INTO orders (code) VALUES ('since')")
    if lines.revert_words:
        succeed(shop, lines.revert_words)
    else:
        shop.load(lines.revert.split("Without it: ")[1].split(";")[0])
    assert shop.definition().split("AUTO_INCREMENT=")[0] == before.split("AUTO_INCREMENT=")[0]
    assert shop.rows()[:ROWS] == rows
    assert shop.rows()[ROWS][1] == "since"


def test_a_table_that_others_refer_to(shop: Shop) -> None:
    shop.load(ORDERS, CHILD)
    rows, items = shop.rows(), shop.rows("items")
    clause = "MODIFY `code` varchar(300) NOT NULL DEFAULT 'é'"
    lines = command(shop, clauses=(clause,), referenced_by=(IN,), referring_bytes=10_000)
    succeed(shop, lines.dry_run)
    succeed(shop, lines.execute)
    assert (shop.rows(), shop.rows("items"), shop.column("code")) == (rows, items, "varchar(300)")
    # The name changes, as the command warns.
    child = shop.definition("items")
    assert "CONSTRAINT `_fk_order` FOREIGN KEY (`order_id`) REFERENCES `orders` (`id`)" in child
    assert any("fk_order" in warning for warning in lines.warnings)
    with pytest.raises(pymysql.IntegrityError):
        shop.load("INSERT INTO items (order_id) VALUES (99999)")


def test_a_table_that_refers_to_others(shop: Shop) -> None:
    shop.load(
        "CREATE TABLE customers (id int PRIMARY KEY); INSERT INTO customers VALUES (1), (2)",
        "CREATE TABLE orders (id int AUTO_INCREMENT PRIMARY KEY, customer int, code varchar(20),"
        " CONSTRAINT fk_customer FOREIGN KEY (customer) REFERENCES customers (id))",
        "INSERT INTO orders (customer, code) VALUES (1, 'a'), (2, 'b')",
    )
    key = ForeignKey(
        columns=("customer",),
        ref_table=TableName("customers"),
        ref_columns=("id",),
        name="fk_customer",
    )
    change = {"clauses": ("MODIFY code varchar(300)",), "foreign_keys": (key,)}
    succeed(shop, command(shop, **change).execute)
    assert "CONSTRAINT `_fk_customer`" in shop.definition()
    assert shop.tables() == {"customers", "orders"}
    shop.load("DELETE FROM orders WHERE customer = 2; DELETE FROM customers WHERE id = 2")


def test_an_old_table_with_foreign_keys_would_keep_rows_alive(shop: Shop) -> None:
    shop.load(
        "CREATE TABLE customers (id int PRIMARY KEY); INSERT INTO customers VALUES (1)",
        "CREATE TABLE orders (id int AUTO_INCREMENT PRIMARY KEY, customer int, code varchar(20),"
        " CONSTRAINT fk_customer FOREIGN KEY (customer) REFERENCES customers (id))",
        "INSERT INTO orders (customer, code) VALUES (1, 'a')",
    )
    words = command(shop, clauses=("MODIFY code varchar(300)",)).execute
    assert "--no-drop-old-table" in words, "this need hides its foreign key, to see what happens"
    succeed(shop, words)
    with pytest.raises(pymysql.IntegrityError, match="_orders_old"):
        shop.load("DELETE FROM orders; DELETE FROM customers")


def test_a_table_with_triggers_keeps_them(shop: Shop) -> None:
    shop.load(ORDERS, TRIGGERS)
    rows, triggers = shop.rows(), shop.triggers()
    assert len(triggers) == 2
    found = tuple(Trigger(name=name, definition="…") for name in ("lower_code", "write_log"))
    lines = command(shop, triggers=found)
    succeed(shop, lines.dry_run)
    assert shop.triggers() == triggers
    succeed(shop, lines.execute)
    assert (shop.column("id"), shop.rows(), shop.triggers()) == ("bigint(20)", rows, triggers)
    assert shop.rows("log") == ()
    shop.load("INSERT INTO orders (code) VALUES ('UP'); UPDATE orders SET note = 'x' WHERE id = 1")
    assert shop.rows()[-1][1] == "up"
    assert [row[1] for row in shop.rows("log")] == ["order 1"]


REFUSED_FOR_REAL = {
    "triggers": ((ORDERS, TRIGGERS), {}, "--preserve-triggers was not specified"),
    "referred to": ((ORDERS, CHILD), {}, "--alter-foreign-keys-method"),
    "itself": (
        (
            "CREATE TABLE orders (id int AUTO_INCREMENT PRIMARY KEY, up int, code varchar(9),"
            " FOREIGN KEY (up) REFERENCES orders (id))",
        ),
        {"clauses": ("MODIFY code varchar(300)",), "referenced_by": (IN,)},
        "self-referencing",
    ),
    "no key": (
        ("CREATE TABLE orders (id int, code varchar(9)); INSERT INTO orders VALUES (1, 'a')",),
        {"clauses": ("MODIFY code varchar(300)",)},
        "PRIMARY KEY",
    ),
}


@pytest.mark.parametrize("case", REFUSED_FOR_REAL.values(), ids=REFUSED_FOR_REAL.keys())
def test_what_it_refuses_by_itself(
    shop: Shop, case: tuple[tuple[str, ...], dict[str, object], str]
) -> None:
    scripts, changes, said = case
    shop.load(*scripts)
    tables, definition = shop.tables(), shop.definition()
    done = shop.run(command(shop, **changes).execute)
    assert done.returncode != 0
    assert said in done.stdout + done.stderr
    assert (shop.tables(), shop.definition()) == (tables, definition)


def forced(shop: Shop, one: Need) -> tuple[str, ...]:
    """The command for a need that the tool would refuse, to see why it is right to refuse it."""
    assert TOOL.refuses(one) is not None
    return TOOL.command(one, Limits(), shop.server).execute


def test_it_would_cut_values_short_without_an_error(shop: Shop) -> None:
    shop.load(ORDERS)
    longest = "SELECT max(char_length(note)) FROM orders"
    assert shop.ask(longest) == ((6,),)
    one = need(**MARIADB, clauses=("MODIFY note varchar(3)",), may_cut=True)
    assert shop.run(forced(shop, one)).returncode == 0
    assert shop.ask(longest) == ((3,),)


def test_it_would_cut_values_short_on_the_way_back(shop: Shop) -> None:
    shop.load(ORDERS)
    change = {
        "clauses": ("MODIFY note varchar(300)",),
        "inverse": ("MODIFY note varchar(40)",),
        "checks": (),
    }
    lines = command(shop, **change)
    assert lines.revert_words == ()
    succeed(shop, lines.execute)
    shop.load("UPDATE orders SET note = repeat('x', 50) WHERE id = 1")
    succeed(shop, command(shop, **change, inverse_may_cut=False).revert_words)
    assert shop.ask("SELECT max(char_length(note)) FROM orders") == ((40,),)


def test_checks_get_other_names(shop: Shop) -> None:
    shop.load(ORDERS, "ALTER TABLE orders ADD CONSTRAINT paid CHECK (amount < 50)")
    for name in ("_paid", "__paid", "paid"):
        succeed(shop, command(shop, clauses=("ENGINE=InnoDB",)).execute)
        assert f"CONSTRAINT `{name}` CHECK" in shop.definition()


def test_it_would_drop_duplicate_rows_without_an_error(shop: Shop) -> None:
    shop.load(ORDERS)
    one = need(**MARIADB, clauses=("MODIFY amount int UNIQUE",))
    assert shop.run(forced(shop, one)).returncode == 0
    assert shop.ask("SELECT count(*) FROM orders") == ((50,),)


@pytest.mark.parametrize(
    "clause",
    ["ADD CHECK (amount < 49)", "MODIFY amount int NOT NULL", "MODIFY amount tinyint unsigned"],
)
def test_a_row_that_does_not_fit_ends_it(shop: Shop, clause: str) -> None:
    shop.load(ORDERS, "UPDATE orders SET amount = NULL WHERE id = 7")
    shop.load("UPDATE orders SET amount = -1 WHERE id = 8")
    before, rows = shop.definition(), shop.rows()
    assert shop.run(command(shop, clauses=(clause,)).execute).returncode != 0
    assert (shop.definition(), shop.rows(), shop.tables()) == (before, rows, {"orders"})


@pytest.mark.parametrize("prefix", ["shop", "my-very-long-name-of-a-shop-that-sells-things"])
def test_pause_abort_and_what_is_left_behind(
    mariadb: TestServer, steering: Path, prefix: str
) -> None:
    with shop_on(mariadb, steering, prefix=prefix) as shop:
        _pause_and_abort(shop)


def _pause_and_abort(shop: Shop) -> None:
    shop.load(ORDERS)
    before = shop.definition()
    lines = command(shop)
    pause = shop.folder / f"pt-osc.{shop.server.database}.orders.pause"
    assert str(pause) in lines.pause
    pause.touch()
    running = shop.start(lines.execute)
    try:
        until(lambda: len(shop.triggers()) == 3, "the tool's triggers")
        shop.load("INSERT INTO orders (code) VALUES ('meanwhile')")
        until(lambda: shop.ask("SELECT 1 FROM _orders_new WHERE code = 'meanwhile'"), "the copy")
        assert running.poll() is None
        running.send_signal(signal.SIGINT)
        until(lambda: running.poll() is not None, "the end of the tool")
    finally:
        running.kill()
        running.communicate()
    assert len(shop.triggers()) == 3
    # The statements of the command's own text clear it up.
    shop.load(lines.abort.split("writes fail: ")[1])
    assert (shop.triggers(), shop.tables()) == (set(), {"orders"})
    assert shop.definition().split("AUTO_INCREMENT=")[0] == before.split("AUTO_INCREMENT=")[0]
    assert shop.rows()[-1][1] == "meanwhile"


def test_a_database_with_a_hyphen(mariadb: TestServer, steering: Path) -> None:
    with shop_on(mariadb, steering, prefix="my-shop") as shop:
        shop.load(ORDERS)
        succeed(shop, command(shop).execute)
        assert shop.column("id") == "bigint(20)"


@pytest.fixture(scope="module")
def cluster() -> Iterator[TestServer]:
    with installed_mariadb_cluster() as server:
        yield server


def test_one_node_of_galera(cluster: TestServer, steering: Path) -> None:
    with shop_on(cluster, steering) as galera:
        assert galera.ask("SHOW STATUS LIKE 'wsrep_cluster_status'") == (
            ("wsrep_cluster_status", "Primary"),
        )
        galera.load(ORDERS)
        rows = galera.rows()
        lines = command(galera, galera=True)
        succeed(galera, lines.dry_run)
        succeed(galera, lines.execute)
        assert (galera.column("id"), galera.rows()) == ("bigint(20)", rows)
