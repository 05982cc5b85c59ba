from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pymysql
import pytest
from servers import TestServer
from sqlalchemy import create_engine, text

from wizard.model.errors import ReachError
from wizard.rehearsal import mariadb as module
from wizard.rehearsal.mariadb import MariaServer, find_binaries, start_server

pytestmark = pytest.mark.server


@pytest.fixture(autouse=True)
def _installed() -> None:
    try:
        find_binaries()
    except ReachError:
        pytest.skip("needs MariaDB: apt-get install mariadb-server")


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


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that the server's user may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_it_is_what_it_says(mariadb: TestServer) -> None:
    version = str(ask(mariadb.url, "SELECT version()"))
    assert version.startswith(".".join(map(str, mariadb.version)) + "-MariaDB")
    assert mariadb.major == mariadb.version[0] >= 10
    assert (mariadb.bin / "mariadb").is_file()


def test_one_that_was_fetched(mariadb11: TestServer) -> None:
    assert mariadb11.version[:2] == (11, 4)
    assert str(ask(mariadb11.url, "SELECT version()")).startswith("11.4.")
    assert (mariadb11.bin / "mariadb").is_file()


def test_it_writes_a_binary_log_of_rows(mariadb: TestServer) -> None:
    assert ask(mariadb.url, "SELECT concat_ws(' ', @@log_bin, @@binlog_format)") == "ON ROW"


def test_a_fresh_database_is_gone_afterwards_with_whoever_used_it(mariadb: TestServer) -> None:
    with mariadb.database() as url:
        name = ask(url, "SELECT database()")
        tables = f"SELECT count(*) FROM information_schema.tables WHERE table_schema = '{name}'"
        assert ask(url, tables) == 0
        lingering = create_engine(url).connect()
        lingering.execute(text("CREATE TABLE t (id int)"))
        lingering.execute(text("INSERT INTO t VALUES (1)"))  # its transaction holds the table
    gone = f"SELECT count(*) FROM information_schema.schemata WHERE schema_name = '{name}'"
    assert ask(mariadb.url, gone) == 0
    lingering.invalidate()
    lingering.close()


def test_awkward_database_names(mariadb: TestServer) -> None:
    name = "Odd `name'/é%41"
    url = mariadb.server.create_database(name)
    assert ask(url, "SELECT database()") == name
    with pytest.raises(ReachError) as caught:
        mariadb.server.create_database(name)
    assert caught.value.code == "sandbox-database"
    mariadb.server.drop_database(name)
    mariadb.server.drop_database(name)


def test_the_port_asks_for_a_password(mariadb: TestServer) -> None:
    server = mariadb.server
    assert isinstance(server, MariaServer)
    assert server.password
    assert ask(mariadb.url, "SELECT 1") == 1
    for user, password in (("root", "guess"), ("root", ""), ("mysql", ""), ("", "")):
        for way in (
            {"host": "127.0.0.1", "port": server.port},
            {"unix_socket": str(server.socket)},
        ):
            with pytest.raises(pymysql.OperationalError, match="Access denied"):
                pymysql.connect(user=user, password=password, **way)
    assert not (server.home / "accounts.sql").exists()


def test_without_a_port_only_this_user_reaches_it() -> None:
    server = start_server(find_binaries(), Path(tempfile.gettempdir()))
    try:
        assert server.home.stat().st_mode & 0o077 == 0
        assert (server.host, server.port, server.password) == (None, None, None)
        assert ask(server.url, "SELECT @@skip_networking") == 1
    finally:
        server.stop()


def test_nothing_is_left_after_stop(open_folder: Path) -> None:
    server = start_server(find_binaries(), open_folder)
    pid, home = server.pid, server.home
    assert home.parent == open_folder
    assert alive(pid)
    assert home.is_dir()
    server.stop()
    server.stop()
    assert not alive(pid)
    assert not home.exists()


def test_a_killed_process_leaves_no_server_behind() -> None:
    script = (
        "import sys, tempfile; from pathlib import Path;"
        "from wizard.rehearsal.mariadb import find_binaries, start_server;"
        "s = start_server(find_binaries(), Path(tempfile.gettempdir()));"
        "print(s.pid, s._watchdog.pid, s.home, flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    pid, watchdog, home = child.stdout.readline().split()
    assert alive(int(pid))
    handle = os.pidfd_open(int(watchdog))
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert select.select([handle], [], [], 30)[0], "the watchdog is still waiting"
    os.close(handle)
    assert not alive(int(pid))
    assert not Path(home).exists()


def test_a_server_that_dies_at_once_is_explained(open_folder: Path) -> None:
    with pytest.raises(ReachError) as caught:
        start_server(find_binaries(), open_folder, settings={"no_such_setting": "1"})
    assert caught.value.code == "sandbox-start"
    assert "no-such-setting" in caught.value.why
    assert not list(open_folder.iterdir())


def test_where_it_is_absent_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.shutil, "which", lambda name, path=None: None)
    with pytest.raises(ReachError) as caught:
        find_binaries()
    assert caught.value.code == "no-sandbox"
    assert "apt-get install mariadb-server" in caught.value.next_actions


def test_it_is_found_where_ordinary_users_do_not_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin")
    assert find_binaries().server.name == "mariadbd"
