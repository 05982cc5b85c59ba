from __future__ import annotations

import socket
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
import tools
from handover_shop import CHILD, ORDERS, ROWS, TRIGGERS, Shop, need, shop_on, until
from servers import TestServer

from wizard.handover.base import Limits
from wizard.handover.gh_ost import TOOL
from wizard.model.handover import Command, Words
from wizard.model.schema import Trigger

pytestmark = pytest.mark.server

COPY_CLASS = {
    "int to bigint": ("MODIFY `id` bigint NOT NULL AUTO_INCREMENT", "id", "bigint(20)"),
    "longer text": ("MODIFY `code` varchar(300) NOT NULL DEFAULT 'é'", "code", "varchar(300)"),
    "a check": ("ADD CONSTRAINT `paid` CHECK (`amount` < 50)", "amount", "int(11)"),
}


@pytest.fixture(scope="module")
def program() -> Path:
    return tools.gh_ost()


def command(shop: Shop, limits: Limits = Limits(), **changes: object) -> Command:
    one = need(**changes)
    assert TOOL.refuses(one) is None
    return TOOL.command(one, limits, shop.server)


def succeed(shop: Shop, words: Words | None, program: Path) -> str:
    assert words
    assert not [word for word in words if str(shop.host.password) in word]
    done = shop.run(words, program)
    assert done.returncode == 0, done.stdout + done.stderr
    assert str(shop.host.password) not in done.stdout + done.stderr
    return done.stdout + done.stderr


def shape(shop: Shop, table: str = "orders") -> str:
    """The definition without the counter, and without the table's own name."""
    lines = shop.definition(table).splitlines()
    return "\n".join([*lines[1:-1], lines[-1].split(" AUTO_INCREMENT=")[0].split(" DEFAULT ")[0]])


def test_every_flag_is_known(mysql_shop: Shop, program: Path) -> None:
    trigger = Trigger(name="t", definition="…")
    one = need(triggers=(trigger,), copy_triggers=True)
    lines = TOOL.command(one, Limits(hold_swap=True), mysql_shop.server)
    back = command(mysql_shop)
    for words in (*lines.lines, *back.lines):
        done = mysql_shop.run((words[0], "--check-flag", *words[1:]), program)
        assert done.returncode == 0, done.stdout + done.stderr
    wrong = mysql_shop.run(("gh-ost", "--check-flag", "--no-such-flag"), program)
    assert wrong.returncode != 0


@pytest.mark.parametrize("change", COPY_CLASS.values(), ids=COPY_CLASS.keys())
def test_there_and_back_without_losing_a_row(
    mysql_shop: Shop, program: Path, change: tuple[str, str, str]
) -> None:
    shop = mysql_shop.load(ORDERS)
    clause, column, expected = change
    before, rows = shape(shop), shop.rows()
    inverse = {
        "id": "MODIFY `id` int NOT NULL AUTO_INCREMENT",
        "code": "MODIFY `code` varchar(20) NOT NULL DEFAULT 'é'",
        "amount": "DROP CONSTRAINT `paid`",
    }[column]
    lines = command(shop, clauses=(clause,), inverse=(inverse,))

    succeed(shop, lines.dry_run, program)
    assert (shape(shop), shop.rows(), shop.tables()) == (before, rows, {"orders"})

    succeed(shop, lines.execute, program)
    assert shop.column(column) == expected
    assert shape(shop) != before
    assert (shop.rows(), shop.rows("_orders_del")) == (rows, rows)
    assert shop.tables() == {"orders", "_orders_del", "_orders_ghk"}

    shop.load(
        "INSERT INTO orders (code, note) VALUES ('since', 'ü')",
        "UPDATE orders SET note = 'changed' WHERE id = 2",
        "DELETE FROM orders WHERE id = 3",
    )
    rows = shop.rows()
    assert len(rows) == ROWS
    if lines.revert_words:
        shop.load("DROP TABLE " + lines.revert.split("DROP TABLE ")[1].split(";")[0])
        succeed(shop, lines.revert_words, program)
    else:
        shop.load(lines.revert.split("Without it: ")[1].split(";")[0])
    assert (shape(shop), shop.rows()) == (before, rows)
    assert not Path(lines.execute[-2]).exists()


def test_what_is_left_can_be_dropped_and_it_runs_again(mysql_shop: Shop, program: Path) -> None:
    shop = mysql_shop.load(ORDERS)
    lines = command(shop)
    succeed(shop, lines.execute, program)
    again = command(shop, clauses=("MODIFY `code` varchar(300)",))
    assert shop.run(again.execute, program).returncode != 0
    assert any("_orders_del" in line for line in again.before)
    shop.load("DROP TABLE " + lines.after[0].split("DROP TABLE ")[1].split(";")[0])
    assert shop.tables() == {"orders"}
    succeed(shop, again.execute, program)
    assert (shop.column("code"), len(shop.rows())) == ("varchar(300)", ROWS)


def test_it_waits_for_its_lock_as_long_as_asked(mysql_shop: Shop, program: Path) -> None:
    shop = mysql_shop.load(ORDERS)
    lines = command(shop, Limits(lock_wait_ms=6_000))
    said = succeed(shop, (*lines.execute, "--verbose"), program)
    assert "Setting LOCK timeout as 6 seconds" in said
    assert "Setting RENAME timeout as 3 seconds" in said


def say(words: Sequence[str], word: str) -> str:
    """Say a word to a running gh-ost, as `nc -U` does; empty while it does not listen yet."""
    (flag,) = [one for one in words if one.startswith("--serve-socket-file=")]
    with closing(socket.socket(socket.AF_UNIX)) as wire:
        wire.settimeout(30)
        if wire.connect_ex(flag.split("=", 1)[1]) != 0:
            return ""
        wire.sendall(f"{word}\n".encode())
        wire.shutdown(socket.SHUT_WR)
        heard = b""
        while piece := wire.recv(65536):
            heard += piece
        return heard.decode()


def test_it_holds_the_swap_until_told(mysql_shop: Shop, program: Path) -> None:
    shop = mysql_shop.load(ORDERS)
    lines = command(shop, Limits(hold_swap=True))
    succeed(shop, lines.dry_run, program)
    hold = Path(next(word for word in lines.execute if "postpone" in word).split("=", 1)[1])
    running = shop.start(lines.execute, program)
    try:
        until(hold.exists, "the flag file")
        until(lambda: f"Copy: {ROWS}/{ROWS}" in say(lines.execute, "status"), "the copy")
        shop.load("INSERT INTO orders (code) VALUES ('meanwhile')")
        until(lambda: "postponing" in say(lines.execute, "status"), "the wait for a person")
        assert shop.column("id") == "int(11)"
        hold.unlink()
        said, _ = running.communicate(timeout=120)
    finally:
        running.kill()
        running.communicate()
    assert running.returncode == 0, said
    assert shop.column("id") == "bigint(20)"
    assert shop.rows()[-1][1] == "meanwhile"


def test_pause_abort_and_what_is_left_behind(mysql_shop: Shop, program: Path) -> None:
    shop = mysql_shop.load(ORDERS)
    before = shop.definition()
    lines = command(shop)
    throttle = Path(
        next(word for word in lines.execute if "throttle-flag" in word).split("=", 1)[1]
    )
    assert str(throttle) in lines.pause
    throttle.touch()
    running = shop.start(lines.execute, program)
    try:
        until(lambda: "_orders_gho" in shop.tables(), "the copy")
        until(lambda: "throttled, flag-file" in say(lines.execute, "status"), "the pause")
        say(lines.execute, "panic")
        running.communicate(timeout=60)
    finally:
        running.kill()
        running.communicate()
    assert running.returncode != 0
    assert shop.tables() > {"orders"}
    shop.load(lines.abort.split("what is left: ")[1].split(";")[0])
    assert (shop.tables(), shop.definition()) == ({"orders"}, before)


@pytest.mark.parametrize(
    "clause",
    [
        "MODIFY note varchar(3)",
        "ADD UNIQUE (amount)",
        "ADD CHECK (amount < 49)",
        "MODIFY amount int NOT NULL",
    ],
)
def test_a_row_that_does_not_fit_ends_it(mysql_shop: Shop, program: Path, clause: str) -> None:
    shop = mysql_shop.load(ORDERS, "UPDATE orders SET amount = NULL WHERE id = 7")
    before, rows = shop.definition(), shop.rows()
    lines = command(shop, clauses=(clause,))
    # Of its 60 tries one is enough to see it.
    done = shop.run((*lines.execute, "--default-retries=1"), program)
    assert done.returncode != 0
    assert (shop.definition(), shop.rows()) == (before, rows)
    shop.load(lines.abort.split("what is left: ")[1].split(";")[0])
    assert shop.tables() == {"orders"}


def test_triggers_come_along_under_other_names(mysql_shop: Shop, program: Path) -> None:
    shop = mysql_shop.load(ORDERS, TRIGGERS)
    rows, triggers = shop.rows(), shop.triggers()
    found = tuple(Trigger(name=name, definition="…") for name in ("lower_code", "write_log"))
    # It has but one try, as the command says.
    patient = Limits(lock_wait_ms=20_000)
    lines = command(shop, patient, triggers=found, copy_triggers=True)
    succeed(shop, lines.dry_run, program)
    assert {name for name, *_ in shop.triggers()} == {"lower_code", "write_log"}
    succeed(shop, lines.execute, program)
    assert (shop.column("id"), shop.rows(), shop.rows("log")) == ("bigint(20)", rows, ())
    on_orders = shop.ask(
        "SELECT trigger_name FROM information_schema.triggers "
        "WHERE trigger_schema = database() AND event_object_table = 'orders' ORDER BY 1"
    )
    assert on_orders == (("lower_code_gho",), ("write_log_gho",))
    shop.load("INSERT INTO orders (code) VALUES ('UP'); UPDATE orders SET note = 'x' WHERE id = 1")
    assert shop.rows()[-1][1] == "up"
    assert [row[1] for row in shop.rows("log")] == ["order 1"]
    reverting = (*lines.execute, "--old-table=_orders_del", "--revert")
    assert shop.run(reverting, program).returncode != 0, "it refuses triggers, as the command says"
    shop.load("DROP TABLE " + lines.revert.split("DROP TABLE ")[1].split(";")[0])
    succeed(shop, lines.revert_words, program)
    assert shop.column("id") == "int(11)"
    assert shop.rows()[-1][1] == "up"
    shop.load("DROP TABLE _orders_del, _orders_ghk")
    assert shop.triggers() == triggers


REFUSED_FOR_REAL = {
    "triggers": ((ORDERS, TRIGGERS), "found triggers"),
    "referred to": ((ORDERS, CHILD), "Parent-side foreign keys are not supported"),
    "refers": (
        (
            "CREATE TABLE customers (id int PRIMARY KEY)",
            "CREATE TABLE orders (id int AUTO_INCREMENT PRIMARY KEY, customer int,"
            " FOREIGN KEY (customer) REFERENCES customers (id))",
        ),
        "Child-side foreign keys are not supported",
    ),
    "no key": (("CREATE TABLE orders (id int)",), "no PRIMARY nor UNIQUE key"),
    "a key with NULLs": (("CREATE TABLE orders (id int UNIQUE)",), "nullable columns"),
}


@pytest.mark.parametrize("case", REFUSED_FOR_REAL.values(), ids=REFUSED_FOR_REAL.keys())
def test_what_it_refuses_by_itself(
    mysql_shop: Shop, program: Path, case: tuple[tuple[str, ...], str]
) -> None:
    scripts, said = case
    shop = mysql_shop.load(*scripts)
    before = shop.definition()
    done = shop.run(command(shop, clauses=("MODIFY id bigint",)).execute, program)
    assert done.returncode != 0
    assert said in done.stdout + done.stderr
    assert shop.definition() == before


def test_it_cannot_talk_to_mariadb_10(shop: Shop, program: Path) -> None:
    shop.load(ORDERS)
    done = shop.run(command(shop).execute, program)
    assert done.returncode != 0
    assert "Unknown system variable 'transaction_isolation'" in done.stdout + done.stderr
    assert TOOL.refuses(need(engine="mariadb", version=(10, 11))) is not None


def test_it_cannot_talk_to_mariadb_11(mariadb11: TestServer, steering: Path, program: Path) -> None:
    with shop_on(mariadb11, steering) as shop:
        shop.load(ORDERS)
        done = shop.run(command(shop).execute, program)
        assert done.returncode != 0
        assert "error in your SQL syntax" in done.stdout + done.stderr
        assert shop.tables() == {"orders"}
    assert TOOL.refuses(need(engine="mariadb", version=mariadb11.version)) is not None


def test_a_database_with_a_hyphen(
    mariadb_as_mysql: TestServer, steering: Path, program: Path
) -> None:
    with shop_on(mariadb_as_mysql, steering, prefix="my-shop") as shop:
        shop.load(ORDERS)
        succeed(shop, command(shop).execute, program)
        assert shop.column("id") == "bigint(20)"
