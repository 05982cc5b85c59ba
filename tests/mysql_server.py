"""One private MySQL server for tests, from the program that MIGWIZ_MYSQLD names.

No Linux distribution's stable release has MySQL any more. Debian's unstable has it as the package
mysql-server-core: unpacked into a folder, its program runs by the loader of its own libc6. A script
that does so, with the options which its moved folders need, is a program as good as any:

    exec ROOT/usr/lib64/ld-linux-x86-64.so.2 --library-path ROOT/usr/lib/x86_64-linux-gnu \\
        ROOT/usr/sbin/mysqld "$@" --lc-messages-dir=ROOT/usr/share/mysql --secure-file-priv=
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wizard.rehearsal.hosting import make_home, server_account, spawn
from wizard.rehearsal.mariadb import Binaries, MariaServer

#: Read before the environment is frozen for each test.
PROGRAM = os.environ.get("MIGWIZ_MYSQLD")

_OPTIONS = (
    *("--skip-networking", "--mysqlx=OFF", "--innodb-flush-log-at-trx-commit=0", "--sync-binlog=0"),
    *("--innodb-buffer-pool-size=64M", "--default-time-zone=+00:00", "--log-bin=binlog"),
)


@contextmanager
def running(program: str) -> Iterator[MariaServer]:
    """Run a new server, which is handled as MariaDB's is."""
    account = server_account("MySQL", ("mysql", "nobody"))
    home = make_home(Path(tempfile.gettempdir()), account, "migwiz-mysql-")
    server: MariaServer | None = None
    command = [program, "--no-defaults", f"--datadir={home / 'data'}"]
    try:
        with (home / "log").open("ab") as log:
            assert spawn([*command, "--initialize-insecure"], account, log).wait() == 0, home
            options = [f"--socket={home / 'socket'}", f"--pid-file={home / 'pid'}", *_OPTIONS]
            process = spawn([*command, *options], account, log)
        server = MariaServer(
            binaries=Binaries(server=Path(program), install=Path(program)),
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
