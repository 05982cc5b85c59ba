"""Connection URLs: read, recognised, and shown without passwords."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.database.urls import build_url, dialect_of, parse_url, redact
from wizard.model.errors import AnswerError


@pytest.mark.parametrize(
    ("url", "host", "port", "user", "password", "database"),
    [
        ("postgres://h/d", "h", "", None, None, "d"),
        ("postgresql://u:p@h:5433/d", "h", "5433", "u", "p", "d"),
        ("postgresql+asyncpg://u:p%40%2F@h/d", "h", "", "u", "p@/", "d"),
        ("postgresql+psycopg2://u@/d?host=/run/pg", "/run/pg", "", "u", None, "d"),
        ("postgresql://u:p@h1:1,h2:2/d", "h1,h2", "1,2", "u", "p", "d"),
        ("postgresql://u:a/b@c@[::1]:5/d%20e", "::1", "5", "u", "a/b@c", "d e"),
        ("postgresql://h/d?user=x&password=y&ssl=true", "h", "", "x", "y", "d"),
        ("postgresql:///d", "", "", None, None, "d"),
    ],
)
def test_postgresql_urls(
    url: str, host: str, port: str, user: str | None, password: str | None, database: str
) -> None:
    found = parse_url(url)
    assert found.dialect == "postgresql"
    assert (found.host, found.port, found.user, found.password, found.database) == (
        host,
        port,
        user,
        password,
        database,
    )


def test_parameters_that_libpq_does_not_know_are_left_out() -> None:
    found = parse_url("postgresql://h/d?schema=public&pgbouncer=true&sslmode=require")
    assert found.options == (("sslmode", "require"),)


def test_sqlite_urls(tmp_path: Path) -> None:
    assert parse_url("sqlite:///a/b.db", root=tmp_path).database == str(tmp_path / "a/b.db")
    assert parse_url("sqlite+pysqlcipher://:p@/x/b.db").database == "/x/b.db"
    assert parse_url("sqlite+aiosqlite:////x/b.db").database == "/x/b.db"
    assert parse_url("sqlite:///file:b.db?mode=rw", root=tmp_path).database == str(
        tmp_path / "b.db"
    )


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("oracle://u:hush@h/d", "bad-url"),
        ("hush", "bad-url"),
        ("", "bad-url"),
        ("postgresql://u:hush@h:port/d", "bad-url"),
        ("postgresql://u:hush@h:99999/d", "bad-url"),
        ("postgresql://u:x@hush?y@h/d", "bad-url"),
        ("postgres:u:hush@h/d", "bad-url"),
        ("sqlite://", "bad-url"),
        ("sqlite:///:memory:", "bad-url"),
    ],
)
def test_what_cannot_be_used_is_refused_without_its_text(url: str, code: str) -> None:
    with pytest.raises(AnswerError) as caught:
        parse_url(url)
    error = caught.value
    assert error.code == code
    assert "hush" not in f"{error.message} {error.why} {error.next_actions}"
    assert error.__cause__ is None


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:p@h/d", "postgresql://u:***@h/d"),
        ("postgresql://u:p@x/y@h/d", "postgresql://u:***@h/d"),
        ("postgresql://u@h/d", "postgresql://u@h/d"),
        (
            "postgresql://h/d?password=x&sslpassword=y&a=1",
            "postgresql://h/d?password=***&sslpassword=***&a=1",
        ),
        ("postgresql://u:a?b@h/d", "postgresql://u:***@h/d"),
        ("postgresql://u:a@b?c@h/d", "postgresql://u:***@h/d"),
        ("sqlite+pysqlcipher://:p@/x.db", "sqlite+pysqlcipher://:***@/x.db"),
        ("sqlite:///shop.db", "sqlite:///shop.db"),
        ("host=h password=secret", "(not a URL)"),
    ],
)
def test_redaction(url: str, shown: str) -> None:
    assert redact(url) == shown


@given(
    password=st.text(min_size=6, max_size=12),
    user=st.text(max_size=5),
    database=st.text(max_size=5),
)
def test_built_urls_are_read_back_and_hide_the_password(
    password: str, user: str, database: str
) -> None:
    url = build_url(
        "postgresql", user=user or "u", password=password, host="h", port="1", database=database
    )
    found = parse_url(url)
    assert (found.user, found.password) == (user or "u", password)
    assert redact(url).startswith("postgresql://")
    assert ":***@h:1/" in redact(url)
    assert found.shown == redact(url)
    assert repr(found) == f"DatabaseUrl({found.shown!r})"


def test_dialects() -> None:
    assert dialect_of("mariadb+mariadbconnector://h/d") == "mariadb"
    assert dialect_of("postgis://h/d") == "postgresql"
    assert dialect_of("C:\\shop.db") is None
