from __future__ import annotations

import pytest

from wizard.entry import read_entry, read_number, show_entry, split
from wizard.model.answers import freeze
from wizard.questions import Kind, Question


def question(kind: Kind, key: str = "x") -> Question:
    return Question(key=key, kind=kind, prompt="X", help="", example="")


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("120M", "", 120_000_000),
        ("1,204", "", 1_204),
        ("120_000_000", "", 120_000_000),
        ("1 204", "", 1_204),
        ("1.5k", "", 1_500),
        ("≈ 118 M", "", 118_000_000),
        ("41 GB", "bytes", 41 * 1024**3),
        ("8.5 MB", "bytes", int(8.5 * 1024**2)),
        ("48000000000", "bytes", 48_000_000_000),
        ("2 s", "ms", 2_000),
        ("2000", "ms", 2_000),
        ("500 ms", "ms", 500),
    ],
)
def test_numbers_as_people_write_them(text: str, unit: str, expected: int) -> None:
    assert read_number(text, unit) == expected


@pytest.mark.parametrize(
    ("text", "unit"), [("many", ""), ("12 apples", ""), ("1.5", ""), ("-3", ""), ("4 GB", "ms")]
)
def test_no_numbers(text: str, unit: str) -> None:
    with pytest.raises(ValueError, match="write a number such as"):
        read_number(text, unit)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.BOOLEAN, "yes", True),
        (Kind.BOOLEAN, "n", False),
        (Kind.COLUMNS, "a, b,", ("a", "b")),
        (Kind.PARTS, "lower(a, b), c desc", ("lower(a, b)", "c desc")),
        (Kind.TEXT, "  hello ", "hello"),
        (Kind.TEXT, "   ", None),
        (Kind.INTEGER, "12k", 12_000),
    ],
)
def test_read_entry(kind: Kind, text: str, value: object) -> None:
    assert read_entry(question(kind), text) == value


def test_assignments_know_quotes() -> None:
    read = read_entry(question(Kind.ASSIGNMENTS), "a = 'x; y'; b = c = 2")
    assert read == {"a": "'x; y'", "b": "c = 2"}
    with pytest.raises(ValueError, match="column = expression"):
        read_entry(question(Kind.ASSIGNMENTS), "a")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.BOOLEAN, True),
        (Kind.COLUMNS, ("a", "b")),
        (Kind.ASSIGNMENTS, {"a": "1", "b": "lower(c)"}),
        (Kind.INTEGER, 118_000_000),
        (Kind.TABLE, 'audit."a.b"'),
    ],
)
def test_what_is_shown_reads_back(kind: Kind, value: object) -> None:
    one = question(kind)
    frozen = freeze(value)
    assert read_entry(one, show_entry(one, frozen)) == frozen


def test_split_keeps_brackets_and_quotes_together() -> None:
    assert split("f(a, b), 'c, d', e", ",") == ("f(a, b)", "'c, d'", "e")
