"""Scripts of MySQL and MariaDB, cut into statements whatever ends them."""

from __future__ import annotations

import pytest

from wizard.database.mysql_server import Engine
from wizard.database.mysql_tokens import literal_of, names_in, scan_mysql, text_of, unwrap
from wizard.model.errors import AnswerError

MARIADB = Engine(dialect="mariadb", version=(10, 11, 19))
MYSQL = Engine(dialect="mysql", version=(8, 0, 36))


def cut(text: str, engine: Engine = MYSQL) -> list[str]:
    scanned = scan_mysql(text, engine)
    assert len(scanned.source) == len(text)
    return [
        " ".join(scanned.source[one[0].start : one[-1].end].split()) for one in scanned.statements
    ]


def test_semicolons_in_quotes_and_comments_end_nothing() -> None:
    assert cut("a 'x;''\\';' \"y;\" `z;``;`; b -- c; d\n e; # f;\n /* g; */ h") == [
        "a 'x;''\\';' \"y;\" `z;``;`",
        "b -- c; d e",
        "h",
    ]
    assert cut("a--b;c") == ["a--b", "c"]  # without a blank behind it is a subtraction


def test_delimiters() -> None:
    text = "a;\nDELIMITER ;;\nb; c;;\nd$$;;\ndelimiter $$\ne; END$$\nDELIMITER ;\nf;"
    assert cut(text) == ["a", "b; c", "d$$", "e; END", "f"]


def test_bodies_without_a_delimiter() -> None:
    body = (
        "BEGIN IF a THEN SET b = CASE WHEN c THEN 1 END; END IF; CASE d WHEN 1 THEN SET e = 2;"
        " END CASE; WHILE f DO SET g = 1; END WHILE; BEGIN SET h = 1; END; END"
    )
    trigger = f"CREATE DEFINER=`x`@`%` TRIGGER t BEFORE INSERT ON u FOR EACH ROW {body}"
    assert cut(f"{trigger}; BEGIN; COMMIT;") == [trigger, "BEGIN", "COMMIT"]


@pytest.mark.parametrize(
    ("comment", "mysql", "mariadb"),
    [
        ("/*!40101 x */", True, True),
        ("/*!50001 x */", True, True),
        ("/*!50701 x */", True, False),
        ("/*!80023 x */", True, False),
        ("/*!80100 x */", False, False),
        ("/*!100100 x */", False, True),
        ("/*!101201 x */", False, False),
        ("/*M!100100 x */", False, True),
        ("/*M!110100 x */", False, False),
        ("/*! x */", True, True),
        ("/* x */", False, False),
    ],
)
def test_comments_for_versions(comment: str, mysql: bool, mariadb: bool) -> None:
    for engine, runs in ((MYSQL, mysql), (MARIADB, mariadb)):
        assert cut(f"a {comment} b;", engine)[0] == ("a x b" if runs else f"a {comment} b")
        words = [one.text for one in scan_mysql(f"a {comment} b", engine).statements[0]]
        assert words == (["a", "x", "b"] if runs else ["a", "b"])


def test_comments_within_comments_for_versions() -> None:
    assert cut("a /*!50003 b /* c; */ d */ e;") == ["a b /* c; */ d e"]
    assert cut("a /*!99999 b /* c; */ d */ e; f") == ["a /*!99999 b /* c; */ d */ e", "f"]
    assert cut("a /* b /* c */ d */; e")[0].startswith("a /* b /* c */ d *")


def test_rows_are_stepped_over() -> None:
    rows = ",".join(f"({n},'it''s; \\'{n}','\"')" for n in range(5000))
    scanned = scan_mysql(f"INSERT INTO a VALUES {rows};\nCREATE TABLE b (c int);", MYSQL)
    assert [one[0].word for one in scanned.statements] == ["INSERT", "CREATE"]
    assert len(scanned.statements[0]) == 1


@pytest.mark.parametrize("text", ["a;\nb 'c", "a;\n`b", "a;\n/* b", 'a;\n"b'])
def test_what_is_not_closed(text: str) -> None:
    with pytest.raises(AnswerError) as caught:
        scan_mysql(text, MYSQL)
    assert caught.value.code == "schema-syntax"
    assert "line 2" in caught.value.message


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        ("'it''s'", "it's"),
        (r"'a\'b\\c\n\t\0'", "a'b\\c\n\t\0"),
        (r"'50\%'", r"50\%"),
        ('"a""b\'c"', "a\"b'c"),
        ("N'x'", "x"),
        (r"'\q'", "q"),
    ],
)
def test_literals(literal: str, text: str) -> None:
    assert text_of(literal) == text
    assert text_of(literal_of(text)) == text


def test_names_without_strings() -> None:
    assert names_in("`A` > 'b' /* c */ AND d.e <> \"f\" # g") == {
        *("a", ">", "and", "d", ".", "e", "<"),
    }
    assert names_in("a /* b") == {"a"}


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("((`a` + 1))", "`a` + 1"),
        ("(a) + (b)", "(a) + (b)"),
        ("('(') ", "'('"),
        (r"('\'(')", r"'\'('"),
        ("a", "a"),
        ("((a) and (b))", "(a) and (b)"),
    ],
)
def test_unwrap(text: str, bare: str) -> None:
    assert unwrap(text) == bare
