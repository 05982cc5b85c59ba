from __future__ import annotations

from dataclasses import replace

import pytest
from handover_shop import need
from test_refusals import IN, OUT, TRIGGER

from wizard.handover import tools
from wizard.handover.base import Limits, Load, Server, Tool
from wizard.model.handover import Command
from wizard.model.names import TableName
from wizard.model.schema import Check

GH_OST, PT_OSC, SPIRIT = (tools()[name] for name in ("gh-ost", "pt-online-schema-change", "spirit"))
SERVER = Server(database="shop", defaults_file="/etc/shop.cnf", host="db1", port=3307, user="alter")
LIMITS = Limits(
    lock_wait_ms=5_000,
    replica_lag_ms=3_000,
    chunk_ms=250,
    loads=(Load(pause=40, give_up=80),),
)


def warned(command: Command, word: str) -> bool:
    return any(word in warning for warning in command.warnings)


def test_gh_ost_hears_the_limits() -> None:
    server = replace(SERVER, replicas=("r1:3306", "r2:3307"), gtid=True)
    words = GH_OST.command(need(), LIMITS, server).execute
    for word in (
        "--host=db1",
        "--port=3307",
        "--user=alter",
        "--database=shop",
        "--table=orders",
        "--alter=MODIFY `id` bigint NOT NULL AUTO_INCREMENT",
        "--max-lag-millis=3000",
        "--throttle-control-replicas=r1:3306,r2:3307",
        "--max-load=Threads_running=40",
        "--critical-load=Threads_running=80",
        # It waits for twice as long as it is told.
        "--cut-over-lock-timeout-seconds=2",
        "--checkpoint",
        "--gtid",
        "--panic-on-warnings",
        "--execute",
    ):
        assert word in words
    assert not warned(GH_OST.command(need(), LIMITS, server), "replica")


@pytest.mark.parametrize(("asked", "told"), [(500, 2), (3_999, 2), (4_000, 2), (60_000, 10)])
def test_gh_ost_never_waits_longer_than_it_must(asked: int, told: int) -> None:
    command = GH_OST.command(need(), replace(LIMITS, lock_wait_ms=asked), SERVER)
    assert f"--cut-over-lock-timeout-seconds={told}" in command.execute
    assert warned(command, "may wait 4 s") == (asked < 4_000)


def test_gh_ost_goes_back_by_the_inverse_and_never_by_its_own_way() -> None:
    command = GH_OST.command(need(), LIMITS, SERVER)
    assert command.dry_run is not None
    assert not {"--execute", "--checkpoint"} & set(command.dry_run)
    assert set(command.dry_run) < set(command.execute)
    assert "--alter=MODIFY `id` int NOT NULL AUTO_INCREMENT" in command.revert_words
    assert "--revert" not in command.revert_words
    assert "Leave its --revert alone" in command.revert
    assert "DROP TABLE `_orders_del`, `_orders_ghk`" in command.after[0]


def test_gh_ost_goes_back_past_triggers_by_the_inverse() -> None:
    command = GH_OST.command(need(triggers=(TRIGGER,), copy_triggers=True), LIMITS, SERVER)
    assert {"--include-triggers", "--trigger-suffix=_gho"} < set(command.execute)
    assert "--revert" not in command.revert_words
    assert "--alter=MODIFY `id` int NOT NULL AUTO_INCREMENT" in command.revert_words
    assert warned(command, "write_log")
    alone = need(triggers=(TRIGGER,), copy_triggers=True, inverse=())
    assert GH_OST.command(alone, LIMITS, SERVER).revert_words == ()


def test_only_the_real_run_waits_with_the_swap() -> None:
    held = replace(LIMITS, hold_swap=True)
    gh_ost = GH_OST.command(need(), held, replace(SERVER, folder="/run/me/"))
    flag = "--postpone-cut-over-flag-file=/run/me/gh-ost.shop.orders.hold"
    assert flag in gh_ost.execute
    assert gh_ost.dry_run is not None
    assert flag not in gh_ost.dry_run
    assert flag not in gh_ost.revert_words
    spirit = SPIRIT.command(need(), held, SERVER)
    assert "--defer-cutover" in spirit.execute
    assert any("_spirit_sentinel" in line for line in spirit.watch)
    assert warned(PT_OSC.command(need(), held, SERVER), "cannot wait")


def test_pt_online_schema_change_hears_the_limits() -> None:
    command = PT_OSC.command(need(), LIMITS, SERVER)
    for word in (
        "--defaults-file=/etc/shop.cnf",
        "--alter=MODIFY `id` bigint NOT NULL AUTO_INCREMENT",
        "--chunk-time=0.25",
        "--max-lag=3",
        "--max-load=Threads_running=40",
        "--critical-load=Threads_running=80",
        "--set-vars=lock_wait_timeout=5,innodb_lock_wait_timeout=1",
        "--no-version-check",
        "--no-drop-old-table",
        "--execute",
        # It would not go to the port that --port names.
        "h=db1,P=3307,u=alter,D=shop,t=orders",
    ):
        assert word in command.execute
    assert command.dry_run is not None
    assert "--dry-run" in command.dry_run
    assert "--alter=MODIFY `id` int NOT NULL AUTO_INCREMENT" in command.revert_words
    assert command.warnings == ()
    assert (
        "S=/run/db.sock,u=alter,D=shop,t=orders"
        in PT_OSC.command(need(), LIMITS, replace(SERVER, socket="/run/db.sock")).execute
    )
    assert warned(PT_OSC.command(need(), replace(LIMITS, lock_wait_ms=300), SERVER), "300 ms")


def test_pt_online_schema_change_and_foreign_keys() -> None:
    inward = PT_OSC.command(need(referenced_by=(IN,), referring_bytes=1024), LIMITS, SERVER)
    assert "--alter-foreign-keys-method=rebuild_constraints" in inward.execute
    assert warned(inward, "fk_o")
    assert not warned(inward, "writes to it wait")
    for size in (None, 10 * 1024**3):
        large = PT_OSC.command(need(referenced_by=(IN,), referring_bytes=size), LIMITS, SERVER)
        assert warned(large, "writes to it wait")
    outward = PT_OSC.command(need(foreign_keys=(OUT,)), LIMITS, SERVER)
    assert "--no-drop-old-table" not in outward.execute
    assert not [word for word in outward.execute if word.startswith("--alter-foreign")]
    assert warned(outward, "fk_c")
    assert outward.after == ()


def test_pt_online_schema_change_and_triggers_and_galera() -> None:
    triggers = PT_OSC.command(need(triggers=(TRIGGER,)), LIMITS, SERVER)
    assert "--preserve-triggers" in triggers.execute
    assert "--no-drop-old-table" not in triggers.execute
    assert any("3.3.1" in line for line in triggers.before)
    galera = PT_OSC.command(need(galera=True), LIMITS, SERVER)
    assert "--max-flow-ctl=5" in galera.execute
    assert any("TOI" in line for line in galera.before)


def test_what_is_needed_for_the_newest_servers() -> None:
    new = PT_OSC.command(need(version=(8, 4, 3)), LIMITS, SERVER)
    assert any("3.7.0" in line for line in new.before)
    old = PT_OSC.command(need(version=(8, 0, 40)), LIMITS, SERVER)
    assert not any("3.7.0" in line for line in old.before)


def test_where_nothing_undoes_the_change() -> None:
    for tool in (PT_OSC, SPIRIT):
        command = tool.command(need(inverse=()), LIMITS, SERVER)
        assert command.revert_words == ()
        assert "cannot go back" in command.revert


def test_a_way_back_that_a_tool_would_do_badly() -> None:
    text = need(inverse=("MODIFY `code` varchar(20)",))
    back = PT_OSC.command(text, LIMITS, SERVER)
    assert back.revert_words == ()
    assert "cut short" in back.revert
    assert "ALTER TABLE `orders` MODIFY `code` varchar(20);" in back.revert
    assert PT_OSC.command(replace(text, inverse_may_cut=False), LIMITS, SERVER).revert_words
    assert SPIRIT.command(text, LIMITS, SERVER).revert_words
    check = need(clauses=("ADD CONSTRAINT paid CHECK (a > 0)",), inverse=("DROP CONSTRAINT paid",))
    for tool in (PT_OSC, SPIRIT):
        command = tool.command(check, LIMITS, SERVER)
        assert command.revert_words == ()
        assert "ALTER TABLE `orders` DROP CONSTRAINT paid;" in command.revert


def test_names_that_change_are_told() -> None:
    check = Check(expression="a > 0", name="paid")
    for tool in (GH_OST, PT_OSC, SPIRIT):
        assert warned(tool.command(need(checks=(check,)), LIMITS, SERVER), "paid")
        assert not warned(tool.command(need(), LIMITS, SERVER), "other names")


def test_spirit_hears_the_limits() -> None:
    command = SPIRIT.command(need(), LIMITS, SERVER)
    assert command.dry_run is None
    assert command.execute == (
        "spirit",
        "migrate",
        "--conf=/etc/shop.cnf",
        "--username=alter",
        "--host=db1:3307",
        "--database=shop",
        "--statement=ALTER TABLE `orders` MODIFY `id` bigint NOT NULL AUTO_INCREMENT",
        "--lock-wait-timeout=5s",
        "--skip-drop-after-cutover",
    )
    assert warned(command, "replicas")
    patient = replace(LIMITS, replica_lag_ms=20_000)
    assert not warned(SPIRIT.command(need(), patient, SERVER), "10 s")
    assert warned(
        SPIRIT.command(need(), patient, replace(SERVER, replicas=("r:3306",))), "--replica-dsn"
    )


@pytest.mark.parametrize("tool", [GH_OST, SPIRIT], ids=lambda tool: str(tool.name))
def test_tools_that_know_no_socket_say_so(tool: Tool) -> None:
    command = tool.command(need(), LIMITS, replace(SERVER, socket="/run/db.sock"))
    assert warned(command, "sockets")


def test_long_names_leave_room_for_a_socket() -> None:
    files = set()
    for letter in ("a", "b"):
        one = need(table=TableName("o" * 63 + letter, "d" * 64))
        words = GH_OST.command(one, LIMITS, SERVER).execute
        (file,) = [word.split("=")[1] for word in words if word.startswith("--serve-socket-file")]
        assert len(file) < 100
        files.add(file)
        assert f"_{'o' * 59}_del" in GH_OST.command(one, LIMITS, SERVER).revert
    assert len(files) == 2


def test_another_database_than_the_connections_own() -> None:
    elsewhere = need(table=TableName("orders", "archive"))
    assert "--database=archive" in GH_OST.command(elsewhere, LIMITS, SERVER).execute
    assert PT_OSC.command(elsewhere, LIMITS, SERVER).execute[-1].endswith("D=archive,t=orders")
    assert "--database=archive" in SPIRIT.command(elsewhere, LIMITS, SERVER).execute


def test_every_command_says_how_to_stop_and_go_back() -> None:
    for tool in (GH_OST, PT_OSC, SPIRIT):
        command = tool.command(need(), LIMITS, SERVER)
        for text in (command.pause, command.abort, command.revert, *command.before, *command.watch):
            assert text.strip().endswith((".", ";", "`."))
        assert "DROP TABLE IF EXISTS" in command.abort
