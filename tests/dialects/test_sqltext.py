from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.dialects import dialect
from wizard.dialects.lexing import Unreadable, tokens, unwrapped
from wizard.dialects.sqltext import grouped, is_atom
from wizard.model.errors import AnswerError

POSTGRESQL, SQLITE = dialect("postgresql", (18,)), dialect("sqlite", (3, 40, 1))

GOOD = (
    "'EUR'",
    "'it''s; -- fine'",
    "E'a\\'b'",
    "$$a;b$$",
    "$tag$it's$tag$",
    "-1.5e3",
    "now()",
    "now() - interval '1 day'",
    "lower(trim(name))",
    "a + b * 2",
    "(SELECT max(id) FROM other)",
    "CASE WHEN a THEN 1 ELSE 2 END",
    "a IS DISTINCT FROM b",
    "coalesce(a, 'b')",
    "'{}'::jsonb",
    "'{\"a\": 1}'::jsonb -> 'a'",
    "ARRAY['a', 'b']::text[]",
    "data ->> 'x' = 'y'",
    "tags @> ARRAY['a']",
    "a <-> b",
    "a OPERATOR(pg_catalog.+) b",
    "'x'::timestamp with time zone",
    "ts AT TIME ZONE 'utc'",
    'name COLLATE "C"',
    "extract(year FROM created)",
    "position('a' IN b)",
    "a[1:2]",
    "make_interval(days => 3)",
    "count(*) FILTER (WHERE a)",
    "EXISTS (SELECT 1 FROM t WHERE t.id = x)",
    "replace(a, 'b', 'c')",
    "deleted",
    '"delete"',
    "a NOT IN (1, 2)",
    "a AND NOT b OR c",
    "x ?| ARRAY['a']",
)

BAD = (
    "",
    "   ",
    "1; DROP TABLE orders",
    "1;",
    "1 -- comment",
    "1 /* comment */",
    "1 /* open",
    "'open",
    '"open',
    "$a$open",
    "1)",
    "(1",
    "1), (2",
    "1, 2",
    "1, other = 2",
    "(1, 2)",
    "1 AS x",
    "1 WHERE true",
    "1 FROM orders",
    "x RETURNING 1",
    "SELECT 1",
    "VALUES (1)",
    "1 UNION SELECT 2",
    "(WITH gone AS (DELETE FROM orders RETURNING 1) SELECT 1 FROM gone)",
    "(WITH gone AS (UPDATE orders SET a = 1 RETURNING 1) SELECT 1 FROM gone)",
    "(INSERT INTO orders VALUES (1) RETURNING 1)",
    "DROP TABLE orders",
    "1 NOT NULL",
    "1 CHECK (true)",
    "1 REFERENCES orders",
    "1 CONSTRAINT x NOT NULL",
    "1 PRIMARY KEY",
    "1 UNIQUE",
    "a b c",
    "1 2",
    "$1",
    "+",
    "a +",
    "1\0",
    "*",
    "CASE WHEN a THEN 1",
    "END",
    "]",
)


@pytest.mark.parametrize("text", GOOD)
def test_one_expression_passes(text: str) -> None:
    assert POSTGRESQL.check_expression(f" {text}\n", flag="--default") == text


@pytest.mark.parametrize("text", BAD)
def test_what_is_not_one_expression_is_refused(text: str) -> None:
    with pytest.raises(AnswerError) as raised:
        POSTGRESQL.check_expression(text, flag="--default")
    assert raised.value.code == "bad-expression"
    assert raised.value.flag == "--default"
    assert raised.value.why


@pytest.mark.parametrize(
    "text",
    ["1; DROP TABLE t", "1 -- x", "?", ":name", "@x", "1, 2", "`open", "[open", "(a", "1 AS b"],
)
def test_sqlite_refuses_them_too(text: str) -> None:
    with pytest.raises(AnswerError):
        SQLITE.check_expression(text, flag="")


@pytest.mark.parametrize("text", ["'a'", "a || `b c` || [d]", "strftime('%s', a)", "a IS NOT b"])
def test_sqlite_takes_its_own(text: str) -> None:
    assert SQLITE.check_expression(text, flag="") == text


@given(st.text(alphabet="ab1'\"$;-/*(),\\ \n[]E:", max_size=20))
def test_nothing_leaves_the_parentheses_around_it(text: str) -> None:
    """What passes stays one group of tokens when it is pasted between parentheses."""
    try:
        checked = POSTGRESQL.check_expression(text, flag="")
    except AnswerError:
        return
    found = tokens(f"({checked}) tail", "postgresql")
    assert [one.text for one in found if one.depth == 0] == ["(", ")", "tail"]
    assert not any(one.text == ";" or one.kind == "comment" for one in found)


@given(st.text(max_size=40))
def test_tokens_cover_the_text_in_order(text: str) -> None:
    for name in ("postgresql", "sqlite"):
        try:
            found = tokens(text, name)
        except Unreadable:
            continue
        end = 0
        for one in found:
            assert text[end : one.start].strip() == ""
            assert text[one.start : one.end] == one.text
            end = one.end
        assert text[end:].strip() == ""


@pytest.mark.parametrize(
    ("text", "renamed"),
    [
        ("status", "state"),
        ("status IS NOT NULL", "state IS NOT NULL"),
        ("((status)::text = 'status'::text)", "((state)::text = 'status'::text)"),
        ("lower(status) || old_status", "lower(state) || old_status"),
        ("status(1) > status", "status(1) > state"),
        ("orders.status = 1", "orders.state = 1"),
        ('"status" = "Status"', 'state = "Status"'),
        ("STATUS > 0", "state > 0"),
        ("x::status = status", "x::status = state"),
        ("f(status => status)", "f(status => state)"),
        ("status <-> 'status'", "state <-> 'status'"),
        ("$$status$$ || status", "$$status$$ || state"),
        ("CASE status WHEN 1 THEN status END", "CASE state WHEN 1 THEN state END"),
        ("extract(year FROM status)", "extract(year FROM state)"),
    ],
)
def test_a_column_is_renamed_and_nothing_else(text: str, renamed: str) -> None:
    assert POSTGRESQL.rename_in(text, "status", "state") == renamed


def test_a_new_name_is_quoted_where_it_must_be() -> None:
    assert POSTGRESQL.rename_in("a > 0", "a", "Order") == '"Order" > 0'
    assert SQLITE.rename_in("A > 0", "a", "order") == '"order" > 0'
    assert POSTGRESQL.rename_in('"Order" > 0', "Order", "a") == "a > 0"
    assert POSTGRESQL.rename_in("year", "year", "years") == "years"


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("'a'", set()),
        ("now()", set()),
        ("current_date", set()),
        ("a", {"a"}),
        ('A + "B"', {"a", "B"}),
        ("lower(name) = 'x' AND t.id > 0", {"name", "id"}),
        ("x::date", {"x"}),
        ("data ->> 'key'", {"data"}),
        ("a <-> b", {"a", "b"}),
        ("user = owner", {"owner"}),
        ("((amount * 2::numeric))", {"amount"}),
    ],
)
def test_columns_are_found(text: str, columns: set[str]) -> None:
    assert POSTGRESQL.columns_in(text) == columns


def test_sqlite_names_are_found_in_any_case() -> None:
    assert SQLITE.columns_in("userId + [b c]") == {"userId", "userid", "b c"}


@pytest.mark.parametrize(
    ("text", "proof"),
    [
        ("note IS NOT NULL", True),
        ("((note IS NOT NULL))", True),
        ("(note IS NOT NULL) AND (other > 0)", True),
        ("(a > 0) AND ((note) IS NOT NULL)", True),
        ('"note" is not null', True),
        ("orders.note IS NOT NULL", True),
        ("note IS NOT NULL OR a", False),
        ("a AND (note IS NOT NULL OR b)", False),
        ("note > 0", False),
        ("NOT note IS NOT NULL", False),
        ("other IS NOT NULL", False),
        ('"Note" IS NOT NULL', False),
        ("a BETWEEN 1 AND note IS NOT NULL", False),
        ("a BETWEEN 1 AND 2 AND note IS NOT NULL", True),
        ("CASE WHEN a AND note IS NOT NULL THEN true ELSE true END", False),
        ("lower(note) IS NOT NULL", False),
        ("note + 1 IS NOT NULL", False),
        ("coalesce(note, 'a') IS NOT NULL", False),
        ("'note IS NOT NULL'", False),
        ("'open", False),
    ],
)
def test_only_a_plain_test_proves_not_null(text: str, proof: bool) -> None:
    assert POSTGRESQL.proves_not_null(text, "note") is proof


def test_a_predicate_that_implies_null() -> None:
    assert POSTGRESQL.implies_null("note IS NULL AND a > 0", "note")
    assert not POSTGRESQL.implies_null("note IS NULL OR a > 0", "note")
    assert not POSTGRESQL.implies_null("note IS NOT NULL", "note")
    assert not POSTGRESQL.implies_null("note = 'x' IS NULL", "note")
    assert SQLITE.implies_null("NOTE IS NULL", "note")


@pytest.mark.parametrize(
    ("text", "atom"),
    [
        ("'a'", True),
        ("now()", True),
        ("'a'::character varying", True),
        ("'a'::timestamp(3) without time zone", True),
        ("nextval('s'::regclass)", True),
        ("(a + b)", True),
        ("a.b", True),
        ("date '2020-01-01'", True),
        ("-1", True),
        ("a + b", False),
        ("(a) + (b)", False),
        ("a OR b", False),
        ("a IS NULL", False),
        ("NOT a", False),
        ("a COLLATE x", False),
    ],
)
def test_parentheses_only_where_they_are_needed(text: str, atom: bool) -> None:
    assert is_atom(text, "postgresql") is atom
    assert grouped(text, "postgresql") == (text if atom else f"({text})")


def test_parentheses_around_all_are_told_from_two_groups() -> None:
    assert unwrapped("((a))", "postgresql") == "a"
    assert unwrapped("(a) + (b)", "postgresql") == "(a) + (b)"
    assert unwrapped("(')')", "postgresql") == "')'"


def test_a_difference_counts_null_as_a_value() -> None:
    assert POSTGRESQL.distinct("a", "b OR c") == "a IS DISTINCT FROM (b OR c)"
    assert SQLITE.distinct("a", "b + 1") == "a IS NOT (b + 1)"
    assert SQLITE.distinct("a", "TRUE") == "a IS NOT 1"
