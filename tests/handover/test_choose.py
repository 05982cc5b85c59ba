from __future__ import annotations

from typing import Any

import pytest
from handover_shop import need
from test_refusals import GH_OST, IN, ITSELF, OUT, PT_OSC, SPIRIT, TRIGGER

from wizard.dialects.base import Size
from wizard.handover.base import Limits, Server
from wizard.handover.choose import Way, choose, worth_it

SERVER = Server(database="shop", defaults_file="/etc/shop.cnf")
WITH_REPLICAS = Server(database="shop", defaults_file="/etc/shop.cnf", replicas=("replica:3306",))
MB, GB = 1024**2, 1024**3
HUGE = Size(rows=2_000_000_000, bytes=150 * GB)


@pytest.mark.parametrize(
    ("size", "way"),
    [
        (Size(rows=0, bytes=0), Way.DIRECT),
        (Size(rows=900_000, bytes=99 * MB), Way.DIRECT),
        (Size(rows=900_000, bytes=100 * MB), Way.DIRECT_SLOWLY),
        (Size(rows=900_000, bytes=GB), Way.DIRECT_SLOWLY),
        (Size(rows=900_000, bytes=GB + 1), Way.HAND_OVER),
        (Size(rows=1_000_000, bytes=50 * MB), Way.DIRECT),
        (Size(rows=1_000_001, bytes=50 * MB), Way.HAND_OVER),
        (Size(rows=1_000), Way.DIRECT),
        (Size(bytes=2 * GB), Way.HAND_OVER),
        (Size(), Way.HAND_OVER),
    ],
)
def test_from_what_size_on_a_tool_is_worth_it(size: Size, way: Way) -> None:
    assert worth_it(size, copies=True) is way
    assert worth_it(size, copies=False) is Way.DIRECT


RULES: list[tuple[dict[str, Any], list[str], str]] = [
    ({}, [GH_OST, PT_OSC, SPIRIT], "can be paused"),
    ({"size": HUGE}, [SPIRIT, GH_OST, PT_OSC], "100 GB"),
    ({"size": HUGE, "foreign_keys": (OUT,)}, [PT_OSC], "foreign keys"),
    ({"referenced_by": (IN,), "way_back": True}, [PT_OSC], "foreign keys"),
    ({"galera": True}, [PT_OSC], "Galera"),
    ({"engine": "mariadb", "version": (10, 11)}, [PT_OSC], "MariaDB"),
    ({"engine": "mariadb", "version": (10, 11), "size": HUGE}, [PT_OSC], "MariaDB"),
    ({"triggers": (TRIGGER,)}, [PT_OSC], "triggers"),
    ({"triggers": (TRIGGER,), "copy_triggers": True}, [GH_OST, PT_OSC], "other names"),
    (
        {"triggers": (TRIGGER,), "copy_triggers": True, "way_back": True},
        [PT_OSC, GH_OST],
        "keeps their names",
    ),
    ({"may_cut": True, "size": HUGE}, [SPIRIT, GH_OST], "100 GB"),
    ({"version": (5, 7, 44), "size": HUGE}, [GH_OST, PT_OSC], "first of those"),
    ({"key": "unique", "size": HUGE, "version": (8, 0, 15)}, [GH_OST], "only one"),
    ({"foreign_keys": (ITSELF,)}, [], "while nobody writes"),
    ({"key": None}, [], "while nobody writes"),
]


@pytest.mark.parametrize(("changes", "able", "word"), RULES, ids=[str(rule[0]) for rule in RULES])
def test_the_best_tool_comes_first(changes: dict[str, Any], able: list[str], word: str) -> None:
    choice = choose(need(**changes), Limits(), SERVER)
    assert [offer.tool for offer in choice.offers if offer.command] == able
    assert [offer.tool for offer in choice.offers][: len(able)] == able
    assert {offer.tool for offer in choice.offers} == {GH_OST, PT_OSC, SPIRIT}
    assert all((offer.command is None) != (offer.refusal is None) for offer in choice.offers)
    assert (choice.best.tool if choice.best else None) == (able[0] if able else None)
    assert word in choice.reason
    assert choice.reason.count(".") - choice.reason.count(".0") == 1


def test_replicas_that_must_not_lag_come_before_speed() -> None:
    huge = need(size=HUGE)
    gentle = choose(huge, Limits(), WITH_REPLICAS)
    assert [offer.tool for offer in gentle.offers] == [GH_OST, PT_OSC, SPIRIT]
    assert "replicas" in gentle.reason
    patient = choose(huge, Limits(replica_lag_ms=30_000), WITH_REPLICAS)
    assert patient.offers[0].tool == SPIRIT
