"""A shop whose tables the tools alter for real, and the option file with the password."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pymysql
from servers import TestServer

from wizard.dialects.base import Size
from wizard.handover.base import Need, Server
from wizard.model.handover import shell
from wizard.model.names import TableName
from wizard.rehearsal.mariadb import MariaServer

RUN_SECONDS = 180
WAIT_SECONDS = 60

#: With what a MySQL would do by itself. gh-ost 1.1.10 goes by the server's own word on its version,
#: and none of MariaDB's leads it to statements that MariaDB knows.
AS_MYSQL = {
    "version": "5.7.44-MariaDB",
    "performance_schema": "ON",
    "performance_schema_instrument": "wait/lock/metadata/sql/mdl=ON",
    "binlog_legacy_event_pos": "ON",
}

ROWS = 3_000
ORDERS = """
CREATE TABLE orders (
    id int NOT NULL AUTO_INCREMENT PRIMARY KEY,
    code varchar(20) NOT NULL DEFAULT 'é',
    note varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    amount int NULL,
    KEY by_code (code)
) ENGINE=InnoDB;
INSERT INTO orders (code, note, amount)
SELECT concat('n', seq), repeat('é', seq % 7), seq % 50 FROM seq_1_to_3000
"""
CHILD = """
CREATE TABLE items (
    id int NOT NULL AUTO_INCREMENT PRIMARY KEY,
    order_id int NOT NULL,
    CONSTRAINT fk_order FOREIGN KEY (order_id) REFERENCES orders (id)
) ENGINE=InnoDB;
INSERT INTO items (order_id) SELECT seq FROM seq_1_to_500
"""
TRIGGERS = """
CREATE TABLE log (id int AUTO_INCREMENT PRIMARY KEY, what varchar(50));
CREATE TRIGGER lower_code BEFORE INSERT ON orders FOR EACH ROW SET new.code = lower(new.code);
CREATE TRIGGER write_log AFTER UPDATE ON orders FOR EACH ROW
INSERT INTO log (what) VALUES (concat('order ', new.id))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A database on a running server, and how the tools are told of it."""

    host: MariaServer
    server: Server
    folder: Path

    @contextmanager
    def connected(self) -> Iterator[Any]:
        connection = pymysql.connect(
            host=self.host.host,
            port=self.host.port,
            user="root",
            password=self.host.password,
            database=self.server.database,
            charset="utf8mb4",
            autocommit=True,
        )
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def ask(self, query: str) -> tuple[tuple[Any, ...], ...]:
        with self.connected() as cursor:
            cursor.execute(query)
            return tuple(cursor.fetchall())

    def load(self, *scripts: str) -> Shop:
        with self.connected() as cursor:
            for statement in ";".join(scripts).split(";"):
                if statement.strip():
                    cursor.execute(statement)
        return self

    def definition(self, table: str = "orders") -> str:
        return str(self.ask(f"SHOW CREATE TABLE `{table}`")[0][1])

    def column(self, name: str, table: str = "orders") -> str:
        return str(
            self.ask(
                "SELECT column_type FROM information_schema.columns WHERE table_schema = database() "
                f"AND table_name = '{table}' AND column_name = '{name}'"
            )[0][0]
        )

    def tables(self) -> set[str]:
        return {row[0] for row in self.ask("SHOW TABLES")}

    def triggers(self) -> set[tuple[str, str, str, str]]:
        return {(row[0], row[1], row[3], row[4]) for row in self.ask("SHOW TRIGGERS")}

    def rows(self, table: str = "orders") -> tuple[tuple[Any, ...], ...]:
        return self.ask(f"SELECT * FROM `{table}` ORDER BY id")

    def run(
        self, words: Sequence[str], path: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command line as it is shown: by a shell."""
        return subprocess.run(
            ["/bin/sh", "-c", shell(words)],
            cwd=self.folder,
            env=self.environment(path),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",  # what pt-online-schema-change prints is Latin-1 here and there
            timeout=RUN_SECONDS,
            check=False,
        )

    def start(self, words: Sequence[str], path: Path | None = None) -> subprocess.Popen[str]:
        """Start a command line that a test steers while it runs."""
        return subprocess.Popen(
            list(words),
            cwd=self.folder,
            env=self.environment(path),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )

    def environment(self, path: Path | None) -> dict[str, str]:
        folders = [str(path.parent)] if path else []
        return {**os.environ, "PATH": os.pathsep.join([*folders, os.environ["PATH"]])}


def need(**changes: Any) -> Need:
    """A need of the shop's orders, with what a test changes of it."""
    usual = Need(
        table=TableName("orders"),
        clauses=("MODIFY `id` bigint NOT NULL AUTO_INCREMENT",),
        inverse=("MODIFY `id` int NOT NULL AUTO_INCREMENT",),
        engine="mysql",
        version=(8, 0, 40),
        size=Size(rows=20_000_000, bytes=8 * 1024**3),
    )
    return replace(usual, **changes)


def until(said: Callable[[], Any], what: str) -> Any:
    """Return what is said once it is true; fails when that takes too long."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        answer = said()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come true in {WAIT_SECONDS} s")


@contextmanager
def shop_on(running: TestServer, folder: Path, prefix: str = "shop") -> Iterator[Shop]:
    """An empty shop on a server, with an option file that holds its password."""
    host = running.server
    assert isinstance(host, MariaServer)
    file = folder / "client.cnf"
    file.touch(mode=0o600)
    file.write_text(f"[client]\nuser=root\npassword={host.password}\n")
    with running.database(prefix) as url:
        server = Server(
            database=url.rsplit("/", 1)[1],
            defaults_file=str(file),
            host=str(host.host),
            port=int(host.port or 0),
            folder=str(folder),
        )
        yield Shop(host=host, server=server, folder=folder)
