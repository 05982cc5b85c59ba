"""Names and texts of MySQL and MariaDB, said to the servers themselves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from servers import TestServer, connected

from wizard.dialects.mysql_family import words

TEXTS = (
    "it's",
    "a\\b",
    "\\",
    "\\'",
    "'; DROP TABLE t; -- ",
    '"',
    "`",
    "a\nb\r\t",
    "ü€😀",
    "%s %",
    "",
)


@pytest.fixture
def url(mysql_family: TestServer) -> Iterator[str]:
    """An empty database."""
    with mysql_family.database() as url:
        yield url


def test_every_keyword_is_a_name_as_it_is_written(url: str) -> None:
    with connected(url) as cursor:
        cursor.execute("SELECT DISTINCT lower(word) FROM information_schema.keywords")
        known = sorted(str(row[0]) for row in cursor.fetchall() if str(row[0]).isidentifier())
        assert len(known) > 600
        columns = ", ".join(f"{words.quote(one)} tinyint" for one in known)
        cursor.execute(f"CREATE TABLE t ({columns}, odd int) ROW_FORMAT=DYNAMIC")
        listed = words.names(tuple(known))
        cursor.execute(f"SELECT {listed} FROM t")
        cursor.execute(f"INSERT INTO t ({listed}) SELECT {listed} FROM t")
        # Few are so in every place: as a table, in an index, behind a point, and in a trigger.
        for one in known[:: len(known) // 40]:
            name = words.quote(one)
            cursor.execute(f"CREATE TABLE {name} ({name} int, KEY {name} ({name}))")
            cursor.execute(f"SELECT {name}.{name} FROM {name} WHERE {name} = 1 ORDER BY {name}")
            cursor.execute(f"ALTER TABLE {name} MODIFY {name} bigint, ADD other int AFTER {name}")
            cursor.execute(
                f"CREATE TRIGGER {name} BEFORE INSERT ON {name} FOR EACH ROW SET new.{name} = 1"
            )
            cursor.execute(f"DROP TABLE {name}")


@pytest.mark.parametrize("text", TEXTS)
def test_a_literal_is_the_text(url: str, text: str) -> None:
    written = words.literal(text)
    with connected(url) as cursor:
        cursor.execute(f"SELECT {written}")
        assert cursor.fetchone() == (text,)
        # Where the server keeps it: in a default, a comment, and a rule.
        cursor.execute(
            f"CREATE TABLE t (a varchar(40) DEFAULT {written} COMMENT {written}, b int,"
            f" CHECK (b IS NULL OR a <> {written}))"
        )
        cursor.execute("INSERT INTO t () VALUES ()")
        cursor.execute("SELECT a FROM t")
        assert cursor.fetchone() == (text,)
        cursor.execute("INSERT INTO t VALUES ('other', 1)")
        with pytest.raises(Exception, match=r"(?i)constraint"):
            cursor.execute("INSERT INTO t (b) VALUES (1)")


@pytest.mark.parametrize("text", TEXTS)
def test_a_literal_ends_where_it_should_in_every_mode(url: str, text: str) -> None:
    with connected(url) as cursor:
        cursor.execute("SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'")
        cursor.execute(f"SELECT {words.literal(text)} AS a, 'still here' AS b")
        kept, behind = cursor.fetchone()
    assert (kept, behind) == (text.replace("\\", "\\\\"), "still here")
