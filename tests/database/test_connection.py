"""Failures a user meets, each as the right error and none with the password; and reading only."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import servers
from servers import TestServer

from wizard.database import failures
from wizard.database.connection import Connection
from wizard.database.opening import open_catalog
from wizard.database.urls import build_url, parse_url
from wizard.model.errors import MigwizError, ReachError

SECRET = "s3cret/p@ss"


def plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


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
    for spelling in (SECRET, "s3cret%2Fp%40ss", "s3cret"):
        assert spelling not in everything_said(error)
    assert error.next_actions
    return error


def with_secret(url: str, *, user: str = "postgres", database: str | None = None) -> str:
    parsed = parse_url(url)
    return build_url(
        "postgresql",
        user=user,
        password=SECRET,
        host=parsed.host,
        port=parsed.port,
        database=database or parsed.database,
    )


@pytest.fixture
def closed_port() -> Iterator[int]:
    # Bound but not listening: nobody else can take it, and connecting is refused.
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def test_refused_port(closed_port: int) -> None:
    url = build_url(
        "postgresql", user="u", password=SECRET, host="127.0.0.1", port=str(closed_port)
    )
    error = failure(url)
    assert error.code == "unreachable"
    assert "refused" in error.why
    assert "***" in error.message


def test_unknown_host() -> None:
    url = build_url("postgres", user="u", password=SECRET, host="nowhere.invalid", database="d")
    assert failure(url).code == "unreachable"


def test_missing_socket(tmp_path: Path) -> None:
    url = build_url("postgresql", user="u", password=SECRET, host=str(tmp_path), database="d")
    assert failure(url).code == "unreachable"


def test_missing_database(postgres: TestServer) -> None:
    error = failure(with_secret(postgres.url, database="not there"))
    assert error.code == "no-database"
    assert "'not there'" in error.message


def test_unknown_role(postgres18: TestServer) -> None:
    assert failure(with_secret(postgres18.url, user="nobody")).code == "wrong-password"


@pytest.fixture
def guarded(postgres15: TestServer) -> str:
    """A URL on a server that asks its user `guarded` for a password, the wrong one."""
    with psycopg.connect(plain(postgres15.url), autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS guarded")
        connection.execute("CREATE ROLE guarded LOGIN PASSWORD 'another'")
        (file, before) = connection.execute(
            "SELECT current_setting('hba_file'), pg_conf_load_time()"
        ).fetchone() or ("", None)
        rules = Path(file).read_text()
        if "guarded" not in rules:
            ours = "local all guarded scram-sha-256\nhost all guarded all scram-sha-256\n"
            Path(file).write_text(ours + rules)
            connection.execute("SELECT pg_reload_conf()")
            loaded = before
            while loaded == before:  # a new session has the time of the server's own reading
                with psycopg.connect(plain(postgres15.url)) as fresh:
                    (loaded,) = fresh.execute("SELECT pg_conf_load_time()").fetchone() or (before,)
    return with_secret(postgres15.url, user="guarded")


def test_wrong_password(guarded: str) -> None:
    error = failure(guarded)
    assert error.code == "wrong-password"
    assert error.flag == "--url"


def test_missing_password(guarded: str) -> None:
    parsed = parse_url(guarded)
    url = build_url(
        "postgresql", user="guarded", host=parsed.host, port=parsed.port, database="postgres"
    )
    assert failure(url).code == "wrong-password"


def test_right_password_with_special_characters(guarded: str, postgres15: TestServer) -> None:
    with psycopg.connect(plain(postgres15.url), autocommit=True) as connection:
        connection.execute(f"ALTER ROLE guarded PASSWORD '{SECRET}'")  # type: ignore[arg-type]
    catalog = open_catalog(guarded)
    assert catalog.query("SELECT current_user::text") == [("guarded",)]
    catalog.close()


def test_no_permission(postgres18: TestServer) -> None:
    with postgres18.database() as url:
        name = parse_url(url).database
        with psycopg.connect(plain(url), autocommit=True) as connection:
            connection.execute("DROP ROLE IF EXISTS passer_by")
            connection.execute("CREATE ROLE passer_by LOGIN")
            connection.execute(f'REVOKE CONNECT ON DATABASE "{name}" FROM PUBLIC')  # type: ignore[arg-type]
        assert failure(with_secret(url, user="passer_by")).code == "no-permission"


def test_server_stopped_between_two_calls() -> None:
    with servers.running(18) as server:
        catalog = open_catalog(server.url)
        assert catalog.query("SELECT 1") == [(1,)]
        server.server.stop()
        with pytest.raises(ReachError) as caught:
            catalog.tables()
        assert caught.value.code == "gone"
        with pytest.raises(ReachError):
            catalog.query("SELECT 1")
        catalog.close()
        catalog.close()


def test_a_dropped_session_is_renewed(fresh_database: str) -> None:
    catalog = open_catalog(fresh_database)
    with psycopg.connect(plain(fresh_database), autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'migwiz' AND datname = current_database()"
        )
    assert catalog.query("SELECT 1") == [(1,)]
    catalog.close()


def test_session_settings(fresh_database: str) -> None:
    catalog = open_catalog(fresh_database)
    names = (
        "default_transaction_read_only",
        "transaction_read_only",
        "statement_timeout",
        "lock_timeout",
        "application_name",
        "client_encoding",
        "idle_in_transaction_session_timeout",
    )
    found = {name: catalog.query(f"SELECT current_setting('{name}')")[0][0] for name in names}
    assert found == {
        "default_transaction_read_only": "on",
        "transaction_read_only": "on",
        "statement_timeout": "10s",
        "lock_timeout": "1s",
        "application_name": "migwiz",
        "client_encoding": "UTF8",
        "idle_in_transaction_session_timeout": "1min",
    }
    catalog.close()


def test_no_transaction_is_left_open(fresh_database: str) -> None:
    catalog = open_catalog(fresh_database)
    catalog.tables()
    with psycopg.connect(plain(fresh_database)) as other:
        states = other.execute(
            "SELECT state FROM pg_stat_activity"
            " WHERE application_name = 'migwiz' AND datname = current_database()"
        ).fetchall()
    assert states == [("idle",)]
    catalog.close()


def test_a_forgotten_connection_is_closed(fresh_database: str) -> None:
    forgotten = Connection(parse_url(fresh_database))
    forgotten.rows("SELECT 1")
    session = forgotten._session
    del forgotten
    assert session.closed


def test_inserting_fails_even_below_the_catalogue(fresh_database: str) -> None:
    with psycopg.connect(plain(fresh_database), autocommit=True) as other:
        other.execute("CREATE TABLE t (a int)")
    connection = Connection(parse_url(fresh_database))
    with pytest.raises(ReachError, match="did not accept") as caught:
        connection.rows("INSERT INTO t VALUES (1)")
    assert "read-only" in caught.value.why
    connection.close()


def test_missing_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert failure(f"postgresql://u:{SECRET.replace('/', '%2F')}@h/d").code == "no-driver"


def test_password_is_cleaned_out_of_any_text() -> None:
    url = parse_url(build_url("postgresql", user="u", password=SECRET, host="h", database="d"))
    text = f"FATAL: {SECRET} and s3cret%2Fp%40ss\nsecond line\nthird"
    assert failures.clean(OSError(text), url) == "FATAL: *** and *** second line"


def test_sqlite_is_not_created(tmp_path: Path) -> None:
    file = tmp_path / "shop.db"
    assert failure(f"sqlite:///{file}").code == "no-database"
    assert not file.exists()


def test_not_an_sqlite_file(tmp_path: Path) -> None:
    file = tmp_path / "shop.db"
    file.write_text("hello " * 1000)
    assert failure(f"sqlite:///{file}").code == "no-database"
    assert failure(f"sqlite:///{tmp_path}").code == "no-permission"


def test_a_pooler_that_refuses_start_up_options(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = psycopg.connect

    def pooled(**given: object) -> object:
        if "options" in given:
            raise psycopg.OperationalError("FATAL: unsupported startup parameter: options")
        return real(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(psycopg, "connect", pooled)
    catalog = open_catalog(fresh_database)
    assert catalog.query(
        "SELECT current_setting('transaction_read_only'), current_setting('statement_timeout'),"
        " current_setting('lock_timeout')"
    ) == [("on", "10s", "1s")]
    catalog.close()


def test_a_database_without_an_encoding(postgres: TestServer) -> None:
    with psycopg.connect(plain(postgres.url), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS ascii")
        connection.execute(
            "CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
        )
    parsed = parse_url(postgres.url)
    url = build_url(
        "postgresql", user="postgres", host=parsed.host, port=parsed.port, database="ascii"
    )
    with psycopg.connect(url, autocommit=True, client_encoding="utf8") as connection:
        connection.execute("CREATE TABLE größe (straße text DEFAULT 'ü')")
    catalog = open_catalog(url)
    assert [one.name.name for one in catalog.tables()] == ["größe"]
    assert catalog.table(catalog.tables()[0].name).columns[0].default == "'ü'::text"
    catalog.close()
    with psycopg.connect(plain(postgres.url), autocommit=True) as connection:
        connection.execute("DROP DATABASE ascii WITH (FORCE)")
