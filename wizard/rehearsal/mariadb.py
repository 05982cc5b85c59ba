"""One private MariaDB server: started from the system's own binaries, gone without a trace when stopped."""

from __future__ import annotations

import atexit
import contextlib
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wizard.model.errors import ReachError
from wizard.rehearsal.hosting import (
    Account,
    can_enter,
    free_port,
    make_home,
    server_account,
    spawn,
    start_watchdog,
)

SUPERUSER = "root"
START_SECONDS = 120.0
STOP_SECONDS = 20.0

# Nothing in a sandbox has to survive a power cut, and it shall fit beside other work.
FAST: Mapping[str, str] = {
    "innodb_flush_log_at_trx_commit": "0",
    "innodb_doublewrite": "OFF",
    "innodb_buffer_pool_size": "64M",
    "innodb_log_file_size": "32M",
    "sync_binlog": "0",
    # The kernel has few slots for it, which all servers of a machine share; without one none starts.
    "innodb_use_native_aio": "OFF",
    # From 11.4 on a server makes itself a key at each start, which takes up to half a minute.
    "ssl": "OFF",
}

#: Where the server's program lies when PATH, as ordinary users have it, does not lead there.
_FOLDERS = (
    *("/usr/sbin", "/usr/local/sbin", "/usr/libexec", "/usr/bin", "/usr/local/bin"),
    *("/opt/homebrew/opt/mariadb/bin", "/usr/local/opt/mariadb/bin", "/usr/local/mariadb/bin"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """The two programs that a new server needs; the clients lie beside the server or ``install``.

    ``base`` is the folder of the whole installation, where the programs do not find it themselves.
    """

    server: Path
    install: Path
    base: Path | None = None

    @property
    def options(self) -> tuple[str, ...]:
        """The options that tell a program where its installation is."""
        return () if self.base is None else (f"--basedir={self.base}",)


class MariaServer:
    """A running server which only this user can reach; use ``start_server`` to make one.

    ``url`` is the SQLAlchemy URL of its database ``mysql``, ``bin`` the folder of its clients.
    ``host`` and ``port`` are None for a server that listens at ``socket`` alone, and then there is
    no ``password``: the socket lies in a folder that nobody else can enter.
    """

    def __init__(
        self,
        *,
        binaries: Binaries,
        home: Path,
        port: int | None,
        password: str | None,
        process: subprocess.Popen[bytes],
    ) -> None:
        self.bin = binaries.base / "bin" if binaries.base else binaries.install.parent
        self.home = home
        self.host = None if port is None else "127.0.0.1"
        self.port, self.password = port, password
        self._process = process
        self._watchdog = start_watchdog(process.pid, home, "KILL")
        self.version: tuple[int, ...] = ()
        self.url = self.url_of("mysql")
        atexit.register(self.stop)

    @property
    def major(self) -> int:
        """The server's major version."""
        return self.version[0]

    @property
    def pid(self) -> int:
        """The process id of the server itself."""
        return self._process.pid

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self.home / "log"

    @property
    def socket(self) -> Path:
        """The server's socket file."""
        return self.home / "socket"

    def url_of(self, database: str) -> str:
        """Return the SQLAlchemy URL of one database."""
        from sqlalchemy import URL

        return URL.create(
            "mariadb+pymysql",
            username=SUPERUSER,
            password=self.password,
            host=self.host or "localhost",
            port=self.port,
            database=database,
            query={} if self.port else {"unix_socket": str(self.socket)},
        ).render_as_string(hide_password=False)

    def create_database(self, name: str) -> str:
        """Create an empty database and return its URL; raises ReachError (`sandbox-database`)."""
        with self._administering(name) as cursor:
            cursor.execute(f"CREATE DATABASE {_quoted(name)}")
        return self.url_of(name)

    def drop_database(self, name: str) -> None:
        """Drop a database and disconnect whoever uses it; a missing one is no error."""
        import pymysql

        with self._administering(name) as cursor:
            cursor.execute(
                "SELECT id FROM information_schema.processlist "
                "WHERE db = %s AND id <> connection_id()",
                (name,),
            )
            for (session,) in cursor.fetchall():
                # It may have gone by itself since.
                with contextlib.suppress(pymysql.OperationalError):
                    cursor.execute("KILL %s", (session,))
            cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(name)}")

    def stop(self) -> None:
        """Stop the server and remove its folder; harmless when it has been stopped."""
        atexit.unregister(self.stop)
        if self._process.poll() is None:
            # At once, without writing its pages: its data is thrown away.
            self._process.kill()
            self._process.wait(STOP_SECONDS)
        shutil.rmtree(self.home, ignore_errors=True)
        if self._watchdog is not None:
            self._watchdog.kill()
            self._watchdog.communicate()
            self._watchdog = None

    @contextlib.contextmanager
    def _connected(self) -> Iterator[Any]:
        import pymysql

        connection = pymysql.connect(
            unix_socket=str(self.socket),
            user=SUPERUSER,
            password=self.password or "",
            charset="utf8mb4",
            autocommit=True,
            connect_timeout=10,
        )
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    @contextlib.contextmanager
    def _administering(self, name: str) -> Iterator[Any]:
        import pymysql

        try:
            with self._connected() as cursor:
                yield cursor
        except pymysql.Error as error:
            raise ReachError(
                "sandbox-database",
                f"The sandbox server could not do this for the database {name!r}.",
                why=str(error),
            ) from None

    def wait_until_ready(self) -> None:
        """Wait until the server accepts connections; raises ReachError (`sandbox-start`)."""
        import pymysql

        deadline = time.monotonic() + START_SECONDS
        while self._process.poll() is None and time.monotonic() < deadline:
            # The socket is there before the server answers at it.
            if self.socket.exists():
                with contextlib.suppress(pymysql.OperationalError), self._connected() as cursor:
                    cursor.execute("SELECT version()")
                    (version,) = cursor.fetchone()
                    self.version = tuple(map(int, version.split("-", 1)[0].split(".")))
                    return
            time.sleep(0.02)
        raise _not_started(_tail(self.log))


def find_binaries() -> Binaries:
    """Return the system's own MariaDB: PATH, then the usual places; raises ReachError (`no-sandbox`).

    Programs of old names are left aside: ``mysqld`` may be MySQL's.
    """
    path = os.pathsep.join((os.environ.get("PATH", ""), *_FOLDERS))
    server = shutil.which("mariadbd", path=path)
    install = shutil.which("mariadb-install-db", path=path)
    if server is None or install is None:
        raise ReachError(
            "no-sandbox",
            "There is no MariaDB on this machine that migwiz could start for itself.",
            why="It needs the programs mariadbd and mariadb-install-db.",
            next_actions=(
                "apt-get install mariadb-server",
                "or name a server to rehearse on with --sandbox-url",
            ),
            flag="--sandbox-url",
        )
    return Binaries(server=Path(server), install=Path(install))


def start_server(
    binaries: Binaries,
    directory: Path,
    *,
    settings: Mapping[str, str] | None = None,
    loopback: bool = False,
    copy: Callable[[Path], Binaries] | None = None,
) -> MariaServer:
    """Start a new, empty server that keeps its data in a private folder below ``directory``.

    With ``loopback`` it listens at a free port of 127.0.0.1 too, and asks for a password.
    ``settings`` are options of the server, which win over ours. ``copy`` puts the binaries below a
    folder and says where: used when the server's user cannot reach the originals. Where the server's user cannot
    enter ``directory``, or its path is too long for a socket, the system's temporary folder is
    used. Raises ReachError (`sandbox-start`, `sandbox-folder`, `sandbox-user`).
    """
    account = server_account("MariaDB", ("mysql", "nobody"))
    home = make_home(directory, account, "migwiz-maria-")
    password = secrets.token_urlsafe(24) if loopback else None
    port = free_port() if loopback else None
    # Two servers in one folder for temporary tables remove each other's.
    scratch = home / "tmp"
    scratch.mkdir()
    if account is not None:
        os.chown(scratch, account.uid, account.gid)
    settings = {
        "datadir": str(home / "data"),
        "tmpdir": str(scratch),
        "socket": str(home / "socket"),
        "pid_file": str(home / "pid"),
        **({"bind_address": "127.0.0.1", "port": str(port)} if port else {"skip_networking": "ON"}),
        "default_time_zone": "+00:00",
        "character_set_server": "utf8mb4",
        "skip_name_resolve": "ON",
        **FAST,
        **(settings or {}),
    }
    server: MariaServer | None = None
    try:
        if copy is not None and account is not None and not can_enter(binaries.server, account):
            binaries = copy(home)
        _initialise(binaries, home, account)
        if password is not None:
            settings["init_file"] = str(_accounts(home, account, password))
        options = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
        with (home / "log").open("ab") as log:
            words: list[str | Path] = [binaries.server, "--no-defaults"]
            words += [*binaries.options, *options]
            process = spawn(words, account, log)
        server = MariaServer(
            binaries=binaries, home=home, port=port, password=password, process=process
        )
        server.wait_until_ready()
        (home / "accounts.sql").unlink(missing_ok=True)
    except BaseException as error:
        if server is not None:
            server.stop()
        shutil.rmtree(home, ignore_errors=True)
        if isinstance(error, OSError):
            raise _not_started(str(error)) from None
        raise
    return server


def _initialise(binaries: Binaries, home: Path, account: Account | None) -> None:
    command: list[str | Path] = [
        *(binaries.install, "--no-defaults"),
        *(*binaries.options, f"--datadir={home / 'data'}"),
        f"--tmpdir={home / 'tmp'}",
        *("--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"),
        f"--innodb-log-file-size={FAST['innodb_log_file_size']}",
        "--innodb-use-native-aio=OFF",
    ]
    with tempfile.TemporaryFile() as output:
        code = spawn(command, account, output).wait()
        if code != 0:
            output.seek(0)
            raise _not_started(output.read().decode(errors="replace")[-2000:])


def _accounts(home: Path, account: Account | None, password: str) -> Path:
    # The server reads it before it listens: at no moment is it open without a password.
    file = home / "accounts.sql"
    file.touch(mode=0o600)
    file.write_text(
        "DELETE FROM mysql.global_priv WHERE user <> 'mariadb.sys';\nFLUSH PRIVILEGES;\n"
        f"GRANT ALL ON *.* TO '{SUPERUSER}'@'%' IDENTIFIED BY '{password}' WITH GRANT OPTION;\n"
    )
    if account is not None:
        os.chown(file, account.uid, account.gid)
    return file


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _tail(log: Path) -> str:
    with contextlib.suppress(OSError):
        return log.read_text(errors="replace")[-2000:].strip()
    return ""


def _not_started(why: str) -> ReachError:
    return ReachError(
        "sandbox-start",
        "The sandbox's MariaDB server did not start.",
        why=why,
        next_actions=("name a server to rehearse on with --sandbox-url",),
        flag="--sandbox-url",
    )
