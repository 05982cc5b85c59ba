"""Replicas of the tests' servers: a standby of a PostgreSQL, a replica of a MariaDB."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import servers

from wizard.database.urls import parse_url
from wizard.rehearsal import mariadb
from wizard.rehearsal.hosting import make_home, server_account, spawn
from wizard.rehearsal.postgres import PostgresServer

#: A primary must have these from its start.
PRIMARY = {**servers.SETTINGS, "wal_level": "logical", "max_wal_senders": "4"}
PRIMARY |= {"archive_mode": "on", "archive_command": "false"}


@contextmanager
def standby_of(primary: servers.TestServer) -> Iterator[servers.TestServer]:
    """Run a hot standby of a PostgreSQL that was started with `PRIMARY`."""
    account = server_account()
    home = make_home(Path(tempfile.gettempdir()), account)
    assert isinstance(primary.server, PostgresServer)
    socket = primary.server.home
    copying: list[str | Path] = [
        *(primary.bin / "pg_basebackup", "-h", socket, "-U", "postgres", "-D", home / "data"),
        *("--write-recovery-conf", "--checkpoint=fast", "--no-sync"),
    ]
    server: PostgresServer | None = None
    try:
        with (home / "log").open("ab") as log:
            assert spawn(copying, account, log).wait() == 0, (home / "log").read_text()
            options = {**servers.SETTINGS, "listen_addresses": "", "port": "5432"}
            options["unix_socket_directories"] = str(home)
            options["wal_receiver_status_interval"] = "1"
            words = [part for one in options.items() for part in ("-c", "=".join(one))]
            process: subprocess.Popen[bytes] = spawn(
                [primary.bin / "postgres", "-D", home / "data", *words], account, log
            )
        server = PostgresServer(
            binaries=primary.bin,
            home=home,
            host=str(home),
            port=5432,
            password=None,
            process=process,
        )
        server.wait_until_ready()
        yield servers.TestServer(server)
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def replica_of(source: servers.TestServer) -> Iterator[servers.TestServer]:
    """Run a replica of a MariaDB, which follows its binary log from now on."""
    place = parse_url(source.url)
    with servers.running_mariadb(mariadb.find_binaries(), {"server_id": "2"}) as replica:
        with servers.connected(source.url) as cursor:
            cursor.execute("SELECT @@gtid_current_pos")
            ((position,),) = cursor.fetchall()
        servers.execute(
            replica.url,
            f"SET GLOBAL gtid_slave_pos = '{position}'",
            f"CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = {place.port}, "
            f"MASTER_USER = '{place.user}', MASTER_PASSWORD = '{place.password}', "
            "MASTER_CONNECT_RETRY = 1, MASTER_USE_GTID = slave_pos",
            "START SLAVE",
        )
        yield replica
