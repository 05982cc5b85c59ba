"""URLs of MySQL and MariaDB, in the spellings of many drivers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.database.urls import build_url, dialect_of, parse_url, redact
from wizard.model.errors import AnswerError


@pytest.mark.parametrize(
    ("url", "dialect", "host", "port", "user", "password", "database"),
    [
        ("mysql://h/d", "mysql", "h", "", None, None, "d"),
        ("mysql+pymysql://u:p@h:3307/d?charset=utf8mb4", "mysql", "h", "3307", "u", "p", "d"),
        ("mysql+mysqldb://u:p%40%2F@h/d", "mysql", "h", "", "u", "p@/", "d"),
        ("mysql+aiomysql://u@h/d", "mysql", "h", "", "u", None, "d"),
        ("mysql+asyncmy://u@[::1]:3306/d%20e", "mysql", "::1", "3306", "u", None, "d e"),
        ("mysql2://u:a/b@c@h/d", "mysql", "h", "", "u", "a/b@c", "d"),
        ("trilogy://u@h/d", "mysql", "h", "", "u", None, "d"),
        ("mariadb://u@h/d", "mariadb", "h", "", "u", None, "d"),
        ("mariadb+mariadbconnector://u@h/d", "mariadb", "h", "", "u", None, "d"),
        ("mysql://h/d?user=x&password=y&port=9", "mysql", "h", "9", "x", "y", "d"),
        ("mysql://h?db=d", "mysql", "h", "", None, None, "d"),
    ],
)
def test_where_and_who(
    url: str,
    dialect: str,
    host: str,
    port: str,
    user: str | None,
    password: str | None,
    database: str,
) -> None:
    found = parse_url(url)
    assert (found.dialect, found.host, found.port) == (dialect, host, port)
    assert (found.user, found.password, found.database) == (user, password, database)
    assert found.options == ()


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u@localhost/d?unix_socket=/run/s.sock",
        "mysql://u@/d?socket=/run/s.sock",
        "mysql://u@%2Frun%2Fs.sock/d",
        "mariadb+pymysql://u@localhost:3306/d?host=/run/s.sock",
    ],
)
def test_local_sockets(url: str) -> None:
    found = parse_url(url)
    assert (found.host, found.port) == ("", "")
    assert found.options == (("unix_socket", "/run/s.sock"),)


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("ssl=true", {"ssl_mode": "required"}),
        ("ssl=false", {"ssl_mode": "disabled"}),
        ("ssl-mode=VERIFY_IDENTITY&ssl-ca=/ca", {"ssl_mode": "verify_identity", "ssl_ca": "/ca"}),
        ("sslmode=require", {"ssl_mode": "required"}),
        ("sslmode=verify-full&sslrootcert=/ca", {"ssl_mode": "verify_identity", "ssl_ca": "/ca"}),
        (
            "ssl_ca=/ca&ssl_cert=/c&ssl_key=/k&ssl_verify_cert=true",
            {"ssl_mode": "verify_ca", "ssl_ca": "/ca", "ssl_cert": "/c", "ssl_key": "/k"},
        ),
        ("ssl_check_hostname=false&ssl_ca=/ca", {"ssl_ca": "/ca"}),
        ("ssl_disabled=true&ssl_ca=/ca", {"ssl_mode": "disabled", "ssl_ca": "/ca"}),
        ("sslaccept=strict", {"ssl_mode": "verify_identity"}),
        ("tls=skip-verify", {"ssl_mode": "required"}),
        ("useSSL=true&verifyServerCertificate=false", {"ssl_mode": "required"}),
        ('ssl={"rejectUnauthorized":true}', {"ssl_mode": "verify_identity"}),
        ("ssl={}", {"ssl_mode": "required"}),
        ("ssl_mode=nonsense", {}),
        ("read_default_file=~/.my.cnf", {"read_default_file": "~/.my.cnf"}),
        ("pool_size=5&charset=utf8&local_infile=1", {}),
    ],
)
def test_encryption_and_option_files(query: str, options: dict[str, str]) -> None:
    assert dict(parse_url(f"mysql://u@h/d?{query}").options) == options


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:hush@h/",
        "mysql://u:hush@h",
        "mysql:u:hush@h/d",
        "mysql://u:hush@h:port/d",
        "mysql://u:x@hush?y@h/d",
        "mysqlx://u:hush@h/d",
    ],
)
def test_what_cannot_be_used_is_refused_without_its_text(url: str) -> None:
    with pytest.raises(AnswerError) as caught:
        parse_url(url)
    error = caught.value
    assert error.code == "bad-url"
    assert error.next_actions
    assert "hush" not in f"{error.message} {error.why} {error.next_actions}"


def test_redaction() -> None:
    assert redact("mysql://u:p@h/d?ssl_key_password=x") == (
        "mysql://u:***@h/d?ssl_key_password=***"
    )
    assert redact("mysql://h/d?user=u&passwd=x") == "mysql://h/d?user=u&passwd=***"


@given(password=st.text(min_size=6, max_size=12), database=st.text(min_size=1, max_size=5))
def test_built_urls_are_read_back(password: str, database: str) -> None:
    for host in ("h", "/run/s.sock"):
        url = build_url("mysql", user="u", password=password, host=host, database=database)
        found = parse_url(url)
        assert (found.user, found.password, found.database) == ("u", password, database)
        assert dict(found.options).get("unix_socket") == (host if host[0] == "/" else None)
        assert password not in repr(found)


def test_mysqlx_is_another_protocol() -> None:
    assert dialect_of("mysqlx://h/d") is None
