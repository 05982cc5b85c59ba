"""One private PostgreSQL server: started from a folder of binaries, gone without a trace when stopped.

Why not the wheel's own ``get_server``: as root it opens every parent folder of the virtual
environment to everybody and adds a system user, it warns when XDG_RUNTIME_DIR is unset, and it
leaves the server running when the process is killed.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

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

if TYPE_CHECKING:
    import psycopg

SUPERUSER = "postgres"
START_SECONDS = 60.0
STOP_SECONDS = 20.0

#: The first version which can drop a database that somebody uses.
WITH_FORCE = 13
_DISCONNECT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {text}"

# Nothing in a sandbox has to survive a power cut.
FAST: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


class PostgresServer:
    """A running server which only this user can reach; use ``start_server`` to make one.

    ``url`` is the SQLAlchemy URL of its maintenance database, ``bin`` the folder of its programs.
    """

    def __init__(
        self,
        *,
        binaries: Path,
        home: Path,
        host: str,
        port: int,
        password: str | None,
        process: subprocess.Popen[bytes],
    ) -> None:
        self.bin = binaries
        self.home = home
        self._host, self._port, self._password = host, port, password
        self._process = process
        self._watchdog = start_watchdog(process.pid, home)
        self.version: tuple[int, ...] = ()
        self.url = self.url_of(SUPERUSER)
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

    def url_of(self, database: str) -> str:
        """Return the SQLAlchemy URL of one database."""
        from sqlalchemy import URL

        by_socket = self._host.startswith("/")
        url = URL.create(
            "postgresql+psycopg",
            username=SUPERUSER,
            password=self._password,
            host=None if by_socket else self._host,
            port=None if by_socket else self._port,
            database=database,
            query={"host": self._host} if by_socket else {},
        ).render_as_string(hide_password=False)
        # A percent sign in a URL is a trap in every .ini file; slashes need no escape in a query.
        return url.replace("host=" + quote(self._host, safe=""), "host=" + quote(self._host))

    def create_database(self, name: str) -> str:
        """Create an empty database and return its URL; raises ReachError (`sandbox-database`)."""
        self._administer("CREATE DATABASE {name}", name)
        return self.url_of(name)

    def drop_database(self, name: str) -> None:
        """Drop a database and disconnect whoever uses it; a missing one is no error."""
        if self.major < WITH_FORCE:
            self._administer(_DISCONNECT, name)
            self._administer("DROP DATABASE IF EXISTS {name}", name)
        else:
            self._administer("DROP DATABASE IF EXISTS {name} WITH (FORCE)", name)

    def stop(self) -> None:
        """Stop the server and remove its folder; harmless when it has been stopped."""
        atexit.unregister(self.stop)
        if self._process.poll() is None:
            # Immediate, without a last checkpoint: its data is thrown away.
            self._process.send_signal(getattr(signal, "SIGQUIT", signal.SIGTERM))
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self.home, ignore_errors=True)
        if self._watchdog is not None:
            self._watchdog.kill()
            self._watchdog.communicate()
            self._watchdog = None

    def _connect(self) -> psycopg.Connection:
        import psycopg

        return psycopg.connect(
            host=self._host,
            port=self._port,
            user=SUPERUSER,
            password=self._password,
            dbname=SUPERUSER,
            autocommit=True,
            connect_timeout=10,
        )

    def _administer(self, statement: str, name: str) -> None:
        import psycopg
        from psycopg import sql

        try:
            with self._connect() as connection:
                connection.execute(
                    sql.SQL(statement).format(name=sql.Identifier(name), text=sql.Literal(name))
                )
        except psycopg.Error as error:
            raise ReachError(
                "sandbox-database",
                f"The sandbox server could not do this for the database {name!r}.",
                why=str(error).strip(),
            ) from None

    def wait_until_ready(self) -> None:
        """Wait until the server accepts connections; raises ReachError (`sandbox-start`)."""
        deadline = time.monotonic() + START_SECONDS
        status = self.home / "data" / "postmaster.pid"
        while self._process.poll() is None and time.monotonic() < deadline:
            # The eighth line is the server's own word on its state.
            with contextlib.suppress(OSError):
                lines = status.read_text(errors="replace").splitlines()
                if len(lines) > 7 and lines[7].strip() == "ready":
                    with self._connect() as connection:
                        number = connection.info.server_version
                    self.version = (number // 10000, number % 10000)
                    return
            time.sleep(0.02)
        raise _not_started(_tail(self.log))


def start_server(
    binaries: Path,
    directory: Path,
    *,
    settings: Mapping[str, str] | None = None,
    loopback: bool = os.name == "nt",
    copy: Callable[[Path], Path] | None = None,
) -> PostgresServer:
    """Start a new, empty server that keeps its data in a private folder below ``directory``.

    ``copy`` puts a copy of the binaries below a folder and says where: used when the server's user
    cannot reach the originals. Where the server's user cannot enter ``directory``, or its path is too long for a socket, the
    system's temporary folder is used. Raises ReachError (`sandbox-start`, `sandbox-folder`).
    """
    account = server_account()
    home = make_home(directory, account)
    password = secrets.token_urlsafe(24) if loopback else None
    host, port = ("127.0.0.1", free_port()) if loopback else (str(home), 5432)
    settings = {
        "listen_addresses": host if loopback else "",
        "unix_socket_directories": "" if loopback else host,
        "port": str(port),
        "timezone": "UTC",
        **FAST,
        **(settings or {}),
    }
    server: PostgresServer | None = None
    try:
        if copy is not None and account is not None and not can_enter(binaries / "initdb", account):
            binaries = copy(home)
        _initialise(binaries, home, account, password)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (home / "log").open("ab") as log:
            process = spawn([binaries / "postgres", "-D", home / "data", *options], account, log)
        server = PostgresServer(
            binaries=binaries, home=home, host=host, port=port, password=password, process=process
        )
        server.wait_until_ready()
    except BaseException as error:
        if server is not None:
            server.stop()
        shutil.rmtree(home, ignore_errors=True)
        if isinstance(error, OSError):
            raise _not_started(str(error)) from None
        raise
    return server


def _initialise(binaries: Path, home: Path, account: Account | None, password: str | None) -> None:
    # The C locale exists everywhere, and makes every machine sort text alike.
    command: list[str | Path] = [
        *(binaries / "initdb", "-D", home / "data", "-U", SUPERUSER),
        *("--encoding=UTF8", "--no-locale", "--no-sync"),
    ]
    if password is None:
        # The socket lies in a folder that nobody else can enter.
        command.append("--auth=trust")
    else:
        word = home / "pwfile"
        word.write_text(password)
        if account is not None:
            os.chown(word, account.uid, account.gid)
        command += ["--auth=scram-sha-256", f"--pwfile={word}"]
    with tempfile.TemporaryFile() as output:
        code = spawn(command, account, output).wait()
        if code != 0:
            output.seek(0)
            raise _not_started(output.read().decode(errors="replace")[-2000:])
    (home / "pwfile").unlink(missing_ok=True)


def _tail(log: Path) -> str:
    with contextlib.suppress(OSError):
        return log.read_text(errors="replace")[-2000:].strip()
    return ""


def _not_started(why: str) -> ReachError:
    return ReachError(
        "sandbox-start",
        "The sandbox's PostgreSQL server did not start.",
        why=why,
        next_actions=("name a server to rehearse on with --sandbox-url",),
        flag="--sandbox-url",
    )
