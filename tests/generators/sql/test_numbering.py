"""Versions: the form of the newest files, and the next ones in the runner's own order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from generators.sql.numbering import Numbering, Order, following, infer
from wizard.model.errors import ConflictError

NOW = datetime(2026, 11, 23, 10, 20, 30, 123456, tzinfo=UTC)


def upcoming(versions: list[str], count: int = 3, order: Order = "number") -> tuple[str, ...]:
    latest = versions[-1] if versions else None
    return following(infer(versions), latest, now=NOW, count=count, order=order)


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        # Nothing there: UTC seconds, spaced by one.
        ([], ("20261123102030", "20261123102031", "20261123102032")),
        (["20250101000000"], ("20261123102030", "20261123102031", "20261123102032")),
        # The newest is now, or ahead: still behind it, and over the end of a year.
        (["20261123102030"], ("20261123102031", "20261123102032", "20261123102033")),
        (["20271231235959"], ("20280101000000", "20280101000001", "20280101000002")),
        # Impossible times are digits with a next one.
        (["20291399299598"], ("20291399299599", "20291399299600", "20291399299601")),
        (["30260805120000"], ("30260805120001", "30260805120002", "30260805120003")),
        # Counters: width, gaps, steps, a width that runs out, and none at all.
        (["000001", "000002", "000003"], ("000004", "000005", "000006")),
        (["0009"], ("0010", "0011", "0012")),
        (["001", "002", "005"], ("006", "007", "008")),
        (["0010", "0020", "0030"], ("0040", "0050", "0060")),
        (["998", "999"], ("1000", "1001", "1002")),
        ([str(n) for n in range(1, 125)], ("125", "126", "127")),
        (["1"], ("2", "3", "4")),
        # Minutes, days, days with a counter, milliseconds, Unix times.
        (["202501011200"], ("202611231020", "202611231021", "202611231022")),
        (["20250101"], ("20261123", "20261124", "20261125")),
        (["2025092300"], ("2026112300", "2026112301", "2026112302")),
        (["2026112304"], ("2026112305", "2026112306", "2026112307")),
        (["20250101120000000"], ("20261123102030123", "20261123102030124", "20261123102030125")),
        (["1700000000"], ("1795429230", "1795429231", "1795429232")),
        (["1700000000000"], ("1795429230123", "1795429230124", "1795429230125")),
        (
            ["1700000000000000000"],
            ("1795429230123456000", "1795429230123456001", "1795429230123456002"),
        ),
        # Counters first, times later: the newest decides.
        (["001", "002", "20250101000000"], ("20261123102030", "20261123102031", "20261123102032")),
    ],
)
def test_next_versions(versions: list[str], expected: tuple[str, ...]) -> None:
    assert upcoming(versions) == expected


def test_text_order_is_kept_or_refused() -> None:
    assert upcoming(["0008", "0009"], 2, "text") == ("0010", "0011")
    with pytest.raises(ConflictError) as raised:
        upcoming(["8", "9"], 1, "text")
    assert raised.value.code == "version-order"
    with pytest.raises(ConflictError):
        upcoming(["998", "999"], 1, "text")


def test_other_time_zones_and_naive_times_are_utc() -> None:
    zone = timezone(timedelta(hours=5, minutes=30))
    versions = [
        following(Numbering(), None, now=now, count=1, order="number")
        for now in (NOW, NOW.astimezone(zone), NOW.replace(tzinfo=None))
    ]
    assert versions == [("20261123102030",)] * 3


def test_forms_are_described() -> None:
    assert str(infer([])) == "UTC time, 14 digits"
    assert str(infer(["000001"])) == "6-digit counter"
    assert str(infer(["1", "2"])) == "counter"
    assert str(infer(["1700000000"])) == "Unix time, 10 digits"
