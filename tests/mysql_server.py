"""One private MySQL server for tests: what MIGWIZ_MYSQLD names, or what `make tools` has brought."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fetching
import tools

from wizard.rehearsal.hosting import make_home, server_account, spawn
from wizard.rehearsal.mariadb import Binaries, MariaServer

#: Read before the environment is frozen for each test.
PROGRAM = os.environ.get("MIGWIZ_MYSQLD")

_OPTIONS = (
    *("--skip-networking", "--mysqlx=OFF", "--innodb-flush-log-at-trx-commit=0", "--sync-binlog=0"),
    *("--innodb-buffer-pool-size=64M", "--default-time-zone=+00:00", "--log-bin=binlog"),
)


def is_here() -> bool:
    """Tell whether there is a program to start."""
    return PROGRAM is not None or tools.kept_mysql() is not None


@contextmanager
def running() -> Iterator[MariaServer]:
    """Run a new server, which is handled as MariaDB's is."""
    account = server_account("MySQL", ("mysql", "nobody"))
    home = make_home(Path(tempfile.gettempdir()), account, "migwiz-mysql-")
    server: MariaServer | None = None
    try:
        program, moved = ([PROGRAM], []) if PROGRAM is not None else _unpacked(home)
        command = [*program, "--no-defaults", *moved, f"--datadir={home / 'data'}"]
        # See `wizard.rehearsal.mariadb.FAST`.
        command.append("--innodb-use-native-aio=OFF")
        with (home / "log").open("ab") as log:
            assert spawn([*command, "--initialize-insecure"], account, log).wait() == 0, home
            options = [f"--socket={home / 'socket'}", f"--pid-file={home / 'pid'}", *_OPTIONS]
            process = spawn([*command, *options], account, log)
        server = MariaServer(
            binaries=Binaries(server=Path(program[-1]), install=Path(program[-1])),
            home=home,
            port=None,
            password=None,
            process=process,
        )
        server.wait_until_ready()
        yield server
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(home, ignore_errors=True)


def _unpacked(home: Path) -> tuple[list[str], list[str]]:
    """Return the call of the unpacked program, and the options which its moved folders need.

    It is put below ``home``, because the server's account may not enter the cache.
    """
    kept = tools.kept_mysql()
    assert kept is not None
    root = home / "program"
    shutil.copytree(kept, root, symlinks=True, copy_function=fetching.link)
    libraries = f"{root}/usr/lib/x86_64-linux-gnu:{root}/usr/lib/mysql/private"
    loader = f"{root}/usr/lib64/ld-linux-x86-64.so.2"
    share = f"{root}/usr/share/mysql"
    return [loader, "--library-path", libraries, f"{root}/usr/sbin/mysqld"], [
        f"--lc-messages-dir={share}",
        f"--character-sets-dir={share}/charsets",
        f"--plugin-dir={root}/usr/lib/mysql/plugin",
        "--secure-file-priv=",
    ]
