"""Names after real-looking histories: each next one is greater than all that are believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from generators.seaorm.naming import next_names, read_scheme
from wizard.model.errors import ConflictError

NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)

HISTORIES = {
    "none": ((), "m20261123_102030_x", "m20261123_102031_y"),
    "the tool's sample alone": (
        ("m20220101_000001_create_table",),
        "m20261123_102030_x",
        "m20261123_102031_y",
    ),
    "real time": (
        ("m20220101_000001_create", "m20240305_113344_b", "m20251201_091500_c"),
        "m20261123_102030_x",
        "m20261123_102031_y",
    ),
    "counted by day": (
        ("m20230101_000001_a", "m20230101_000002_b", "m20260807_000001_c"),
        "m20261123_000001_x",
        "m20261123_000002_y",
    ),
    "counted by day, today": (
        ("m20260807_000001_c", "m20261123_000001_d", "m20261123_000002_e"),
        "m20261123_000003_x",
        "m20261123_000004_y",
    ),
    "always zeros": (
        ("m20260807_000000_c", "m20261001_000000_d"),
        "m20261123_000000_x",
        "m20261123_000001_y",
    ),
    "seven digits in steps of ten": (
        ("m0000010_init", "m0000020_a", "m0000030_b", "m0001450_c"),
        "m0001460_x",
        "m0001470_y",
    ),
    "another prefix": (("custom0001_users", "custom0002_teams"), "custom0003_x", "custom0004_y"),
    "a time that no clock shows": (
        ("m20240101_101112_a", "m20261123_294610_b"),
        "m20261123_294611_x",
        "m20261123_294612_y",
    ),
    "an hour ahead": (
        ("m20260101_101112_a", "m20261123_112030_b"),
        "m20261123_112031_x",
        "m20261123_112032_y",
    ),
    "a slip of a thousand years": (
        ("m20240101_101112_a", "m30240101_101112_slip", "m20261001_101112_b"),
        "m20261123_102030_x",
        "m20261123_102031_y",
    ),
    "out of order on purpose": (
        ("m20260301_091500_late", "m20240101_101112_a", "m20240301_111112_b"),
        "m20261123_102030_x",
        "m20261123_102031_y",
    ),
}


@pytest.mark.parametrize("history", HISTORIES)
def test_the_next_two(history: str) -> None:
    stems, *expected = HISTORIES[history]
    found = next_names(read_scheme(stems, now=NOW), ("x", "y"), now=NOW)
    assert list(found) == expected


def test_steps_are_learned() -> None:
    stems = tuple(f"m{number:07d}_a" for number in range(10, 130, 10))
    scheme = read_scheme(stems, now=NOW)
    assert str(scheme) == "mNNNNNNN_name.rs, 7-digit counter"
    assert next_names(scheme, ("x",), now=NOW) == ("m0000130_x",)


def test_local_time_becomes_utc() -> None:
    local = NOW.astimezone(timezone(timedelta(hours=9)))
    assert next_names(read_scheme(()), ("x",), now=local) == ("m20261123_102030_x",)


def test_a_day_that_is_full() -> None:
    scheme = read_scheme(("m20261123_999999_a",), now=NOW)
    with pytest.raises(ConflictError, match="no name after"):
        next_names(scheme, ("x",), now=NOW)
