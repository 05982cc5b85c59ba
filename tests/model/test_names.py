"""Names of tables, slugs and names that must fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.model.names import TableName, fit_name, parse_table_name, slugify


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("orders", TableName("orders")),
        ("sales.orders", TableName("orders", "sales")),
        ('"a.b"', TableName("a.b")),
        ('s."a ""b"""', TableName('a "b"', "s")),
        ("Odd Table", TableName("Odd Table")),
        ("größe", TableName("größe")),
    ],
)
def test_reading_a_table_name(text: str, name: TableName) -> None:
    assert parse_table_name(text) == name


@pytest.mark.parametrize("text", ["", "  ", "a.b.c", "a.", ".a", '"', '"a"b'])
def test_what_is_no_table_name(text: str) -> None:
    with pytest.raises(ValueError, match="table name"):
        parse_table_name(text)


@given(st.text(min_size=1), st.none() | st.text(min_size=1))
def test_a_name_reads_back(text: str, schema: str | None) -> None:
    name = TableName(text, schema)
    assert parse_table_name(str(name)) == name


@given(st.text(min_size=1), st.integers(12, 63))
def test_a_fitted_name_fits_and_stays_itself_when_it_does(text: str, limit: int) -> None:
    fitted = fit_name(text, limit=limit)
    assert len(fitted.encode()) <= limit
    if len(text.encode()) <= limit:
        assert fitted == text


@given(st.text())
def test_a_slug_is_safe_in_a_file_name(text: str) -> None:
    slug = slugify(text)
    assert slug
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789_")
    assert len(slug) <= 60


def test_two_long_names_do_not_become_one() -> None:
    assert fit_name("x" * 70 + "a", limit=63) != fit_name("x" * 70 + "b", limit=63)
