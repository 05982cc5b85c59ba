"""Failures on MySQL and MariaDB, each as the right error and none with the password; reading only."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pymysql
import pytest
import servers
from servers import TestServer

from wizard.database import drivers, mysql_failures
from wizard.database.connection import Connection
from wizard.database.opening import open_catalog
from wizard.database.urls import build_url, parse_url
from wizard.model.errors import MigwizError, ReachError
from wizard.rehearsal.mariadb import MariaServer, find_binaries, start_server

SECRET = "s3cret/p@ss ü€"


def everything_said(error: MigwizError) -> str:
    said = [error.message, error.why, *error.next_actions, repr(error), error.code]
    seen: BaseException | None = error.__cause__ or error.__context__
    while seen is not None:
        said.append(repr(seen))
        seen = seen.__cause__ or seen.__context__
    return " ".join(said)


def failure(url: str) -> ReachError:
    with pytest.raises(ReachError) as caught:
        open_catalog(url)
    error = caught.value
    assert "s3cret" not in everything_said(error)
    assert error.next_actions
    assert error.exit_code == 5
    return error


def with_secret(url: str, *, user: str = "root", database: str | None = None) -> str:
    place = parse_url(url)
    return build_url(
        "mysql",
        user=user,
        password=SECRET,
        host=place.host,
        port=place.port,
        database=database or place.database,
    )


def run(server: TestServer, *statements: str) -> None:
    place = parse_url(server.url)
    with pymysql.connect(
        host=place.host,
        port=int(place.port),
        user=place.user,
        password=(place.password or "").encode(),
        charset="utf8mb4",
        autocommit=True,
    ) as connection:
        for statement in statements:
            connection.cursor().execute(statement)


@pytest.fixture
def url(mariadb: TestServer) -> Iterator[str]:
    """An empty database on MariaDB."""
    with mariadb.database() as url:
        yield url


@pytest.fixture
def other(mariadb: TestServer) -> Iterator[TestServer]:
    """The server with a user `other` whose password is not the secret."""
    run(mariadb, "CREATE OR REPLACE USER other@'%' IDENTIFIED BY 'another'")
    yield mariadb
    run(mariadb, "DROP USER other@'%'")


def test_refused_port() -> None:
    with socket.socket() as held:
        # Bound but not listening: nobody else can take it, and connecting is refused.
        held.bind(("127.0.0.1", 0))
        port = str(held.getsockname()[1])
        url = build_url(
            "mysql", user="u", password=SECRET, host="127.0.0.1", port=port, database="d"
        )
        error = failure(url)
    assert error.code == "unreachable"
    assert "refused" in error.why
    assert "***" in error.message


def test_a_port_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drivers, "CONNECT_SECONDS", 1)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = str(silent.getsockname()[1])
        url = build_url(
            "mysql", user="u", password=SECRET, host="127.0.0.1", port=port, database="d"
        )
        assert failure(url).code == "unreachable"


def test_unknown_host() -> None:
    url = build_url("mariadb", user="u", password=SECRET, host="nowhere.invalid", database="d")
    assert failure(url).code == "unreachable"


def test_missing_socket(tmp_path: Path) -> None:
    url = build_url("mysql", user="u", password=SECRET, host=str(tmp_path / "s"), database="d")
    error = failure(url)
    assert error.code == "unreachable"
    assert "there is no socket" in error.why


def test_missing_database(url: str) -> None:
    place = parse_url(url)
    wrong = url.replace(f"/{place.database}", "/not%20there")
    error = failure(wrong)
    assert error.code == "no-database"
    assert "'not there'" in error.message
    assert error.flag == "--url"


def test_wrong_password(other: TestServer) -> None:
    error = failure(with_secret(other.url, user="other"))
    assert error.code == "wrong-password"
    assert error.flag == "--url"
    assert failure(with_secret(other.url, user="nobody")).code == "wrong-password"


def test_right_password_with_special_characters(other: TestServer) -> None:
    run(
        other,
        f"ALTER USER other@'%' IDENTIFIED BY '{SECRET}'",
        "GRANT SELECT ON mysql.user TO other@'%'",
    )
    catalog = open_catalog(with_secret(other.url, user="other"))
    assert catalog.query("SELECT current_user()") == [("other@%",)]
    catalog.close()


def test_no_permission(other: TestServer, url: str) -> None:
    run(other, f"ALTER USER other@'%' IDENTIFIED BY '{SECRET}'")
    error = failure(with_secret(url, user="other"))
    assert error.code == "no-permission"
    assert "looks the same" in error.next_actions[0]


def test_no_free_connection(other: TestServer, url: str) -> None:
    run(
        other,
        f"ALTER USER other@'%' IDENTIFIED BY '{SECRET}' WITH MAX_USER_CONNECTIONS 1",
        f"GRANT SELECT ON `{parse_url(url).database}`.* TO other@'%'",
    )
    first = open_catalog(with_secret(url, user="other"))
    error = failure(with_secret(url, user="other"))
    assert error.code == "unreachable"
    assert "no free connection" in error.message
    first.close()


def test_a_server_that_cannot_encrypt(url: str) -> None:
    for mode in ("required", "verify_ca"):
        error = failure(f"{with_secret(url)}?ssl_mode={mode}")
        assert error.code == "unreachable"
        assert "ssl_mode" in error.next_actions[0]


@pytest.fixture(scope="module")
def encrypted() -> Iterator[tuple[MariaServer, Path]]:
    """A server that wants encryption, and its certificate's file."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl: apt-get install openssl")
    try:
        binaries = find_binaries()
    except ReachError:
        pytest.skip("needs MariaDB: apt-get install mariadb-server")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
                *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
                *("-keyout", folder / "key", "-out", folder / "cert"),
            ],
            check=True,
            capture_output=True,
        )
        (folder / "key").chmod(0o644)
        settings = {
            "ssl_cert": str(folder / "cert"),
            "ssl_key": str(folder / "key"),
            "require_secure_transport": "ON",
        }
        server = start_server(binaries, Path(name).parent, settings=settings, loopback=True)
        yield server, folder / "cert"
        server.stop()


def test_encryption(encrypted: tuple[MariaServer, Path], tmp_path: Path) -> None:
    server, certificate = encrypted
    local = server.url.replace("127.0.0.1", "localhost")
    for query in (
        "",
        "?ssl_mode=preferred",
        "?ssl=true",
        f"?ssl_ca={certificate}",
        f"?ssl_mode=verify_ca&ssl_ca={certificate}",
    ):
        catalog = open_catalog(server.url + query)
        cipher = "SELECT variable_value FROM information_schema.session_status"
        ((used,),) = catalog.query(f"{cipher} WHERE variable_name = 'Ssl_cipher'")
        assert used
        catalog.close()
    named = open_catalog(f"{local}?ssl_mode=verify_identity&ssl_ca={certificate}")
    named.close()
    for url, word in (
        (f"{server.url}?ssl_mode=verify_identity&ssl_ca={certificate}", "certificate"),
        (f"{server.url}?ssl_mode=verify_ca", "certificate"),
        (f"{server.url}?ssl_ca={tmp_path / 'none'}", "none"),
    ):
        with pytest.raises(ReachError) as caught:
            open_catalog(url)
        assert caught.value.code == "unreachable"
        assert word in caught.value.why
        assert "ssl_ca" in caught.value.next_actions[0]
    with pytest.raises(ReachError) as caught:
        open_catalog(f"{server.url}?ssl_mode=disabled")
    assert caught.value.code == "wrong-password"
    assert "encryption" in caught.value.next_actions[0]


def test_a_socket_needs_no_encryption(encrypted: tuple[MariaServer, Path]) -> None:
    server, _ = encrypted
    url = build_url(
        "mysql",
        user="root",
        password=server.password or "",
        host=str(server.socket),
        database="mysql",
    )
    catalog = open_catalog(url)
    assert catalog.query("SELECT 1") == [(1,)]
    catalog.close()


def test_option_files(mariadb: TestServer, tmp_path: Path) -> None:
    place = parse_url(mariadb.url)
    file = tmp_path / "my.cnf"
    file.write_text(
        f"[client]\nuser = root\npassword = {place.password}\nhost = {place.host}\n"
        f"port = {place.port}\n"
    )
    catalog = open_catalog(f"mysql:///mysql?read_default_file={file}")
    assert catalog.database == "mysql"
    catalog.close()


def test_server_stopped_between_two_calls() -> None:
    with servers.installed_mariadb() as server:
        catalog = open_catalog(server.url)
        assert catalog.query("SELECT 1") == [(1,)]
        server.server.stop()
        for call in (catalog.tables, lambda: catalog.query("SELECT 1")):
            with pytest.raises(ReachError) as caught:
                call()
            assert caught.value.code == "gone"
        catalog.close()
        catalog.close()


def sessions(mariadb: TestServer, database: str) -> list[tuple[object, ...]]:
    admin = Connection(parse_url(mariadb.url))
    found = admin.rows(
        "SELECT id, command FROM information_schema.processlist WHERE db = %s", (database,)
    )
    admin.close()
    return found


def test_a_dropped_session_is_renewed(mariadb: TestServer, url: str) -> None:
    catalog = open_catalog(url)
    ((session, _),) = sessions(mariadb, parse_url(url).database)
    run(mariadb, f"KILL {session}")
    assert catalog.query("SELECT 1") == [(1,)]
    catalog.close()


def test_a_session_that_dies_during_a_call(mariadb: TestServer, url: str) -> None:
    connection = Connection(parse_url(url))
    with connection.reading() as read:
        read("SELECT 1")
        ((session, _),) = sessions(mariadb, parse_url(url).database)
        run(mariadb, f"KILL {session}")
        with pytest.raises(ReachError) as caught:
            read("SELECT 1")
        assert caught.value.code == "gone"
    assert connection.rows("SELECT 2") == [(2,)]
    connection.close()


def test_session_settings(url: str) -> None:
    catalog = open_catalog(url)
    found = catalog.query(
        "SELECT @@tx_read_only, @@max_statement_time + 0, @@lock_wait_timeout,"
        " @@innodb_lock_wait_timeout, @@idle_transaction_timeout, @@character_set_client,"
        " @@character_set_results"
    )
    assert found == [(1, 10, 1, 1, 60, "utf8mb4", "utf8mb4")]
    catalog.close()


def test_missing_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymysql", None)
    error = failure(build_url("mysql", user="u", password=SECRET, host="h", database="d"))
    assert error.code == "no-driver"
    assert "pymysql" in error.next_actions[0]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (1045, "wrong-password"),
        (1698, "wrong-password"),
        (1820, "wrong-password"),
        (1049, "no-database"),
        (1044, "no-permission"),
        (1130, "no-permission"),
        (3118, "no-permission"),
        (1040, "unreachable"),
        (3159, "unreachable"),
        (2003, "unreachable"),
        (2059, "no-driver"),
    ],
)
def test_numbers_of_errors_while_connecting(number: int, code: str) -> None:
    url = parse_url(build_url("mysql", user="u", password=SECRET, host="h", database="d"))
    error = mysql_failures.connecting(pymysql.OperationalError(number, f"no {SECRET}"), url)
    assert error.code == code
    assert "s3cret" not in everything_said(error)
    assert error.why == "no ***"


def test_a_login_that_needs_another_package() -> None:
    url = parse_url("mysql://u@h/d")
    told = RuntimeError("'cryptography' package is required for caching_sha2_password")
    error = mysql_failures.connecting(told, url)
    assert error.code == "no-driver"
    assert any("cryptography" in one for one in error.next_actions)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (2006, "gone"),
        (2013, "gone"),
        (4031, "gone"),
        (0, "gone"),
        (1205, "locked"),
        (3024, "query-timeout"),
        (1969, "query-timeout"),
        (1142, "no-permission"),
        (1227, "no-permission"),
        (1064, "query-failed"),
        (1792, "query-failed"),
    ],
)
def test_numbers_of_errors_while_reading(number: int, code: str) -> None:
    url = parse_url("mysql://u@h/d")
    assert mysql_failures.reading(pymysql.OperationalError(number, "x"), url).code == code
    assert mysql_failures.reading(OSError(32, "Broken pipe"), url).code == "gone"
