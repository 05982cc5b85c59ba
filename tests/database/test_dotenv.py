"""Quotes, comments and expansion in `.env` files."""

from __future__ import annotations

import pytest

from wizard.database.dotenv import read_dotenv


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A=b", "b"),
        ("  export A = b  ", "b"),
        ("A=b # comment", "b"),
        ("A=b#c", "b#c"),
        ("A='b # c'  # d", "b # c"),
        ('A="b\\n\\"c\\""', 'b\n"c"'),
        ("A='${X}'", "${X}"),
        ("A=${X}/y", "x/y"),
        ('A="$X/y"', "x/y"),
        ("A=${NONE:-z}", "z"),
        ("A=${NONE}", ""),
        ("A=pa$word", "pa$word"),
        ('A="pa\\$X"', "pa$X"),
        ("A=", ""),
        ("A='two\nlines'", "two\nlines"),
        ("A=postgresql://u:p@h/d?a=b", "postgresql://u:p@h/d?a=b"),
    ],
)
def test_value(text: str, value: str) -> None:
    (line,) = read_dotenv(text, {"X": "x"})
    assert (line.name, line.value, line.number) == ("A", value, 1)


def test_lines_above_win_over_the_environment() -> None:
    lines = read_dotenv("X=1\r\n\r\n# c\r\nA=${X}", {"X": "0"})
    assert [(one.name, one.value, one.number) for one in lines] == [("X", "1", 1), ("A", "1", 4)]


def test_an_open_quote_does_not_swallow_the_rest() -> None:
    assert [one.name for one in read_dotenv("A='open\nB=1\nnonsense\n=2", {})] == ["B"]
