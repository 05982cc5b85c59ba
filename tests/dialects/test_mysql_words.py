"""Names and texts of MySQL and MariaDB: quoted only where needed, and never to be broken out of."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.dialects.mysql_family import words
from wizard.model.errors import AnswerError
from wizard.model.names import TableName


@pytest.mark.parametrize("name", ["orders", "AlbumId", "x1", "status", "date", "name", "type"])
def test_plain_names_stay_bare(name: str) -> None:
    assert words.quote(name) == name


@pytest.mark.parametrize(
    "name", ["order", "Rank", "system", "manual", "count", "_utf8mb4", "1e5", "a$b", "größe", "a b"]
)
def test_other_names_are_quoted(name: str) -> None:
    assert words.quote(name) == f"`{name}`"


def test_backticks_are_doubled() -> None:
    assert words.quote("a`; DROP TABLE b") == "`a``; DROP TABLE b`"
    assert words.names(("id", "key")) == "id, `key`"
    assert words.table(TableName("order", "shop")) == "shop.`order`"


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_what_cannot_be_a_name(name: str) -> None:
    with pytest.raises(AnswerError):
        words.quote(name)


@given(st.text(alphabet=st.sampled_from("a'\\\"`\n;")))
def test_a_literal_ends_where_it_should(text: str) -> None:
    written = words.literal(text)
    escapes = re.fullmatch(r"'((?:[^'\\]|''|\\.)*)'", written, re.S)
    plain = re.fullmatch(r"'((?:[^']|'')*)'", written, re.S)
    assert escapes
    assert plain
    assert re.sub(r"''|\\(.)", lambda m: m.group(1) or "'", escapes.group(1), flags=re.S) == text


def test_no_literal_holds_a_nul() -> None:
    with pytest.raises(AnswerError):
        words.literal("a\0b")
