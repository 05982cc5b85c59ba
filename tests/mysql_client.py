"""Scripts for a MariaDB or MySQL of the tests, run through its client, and tables to compare."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

from servers import TestServer

from wizard.database.urls import parse_url
from wizard.model.schema import Check, Table, Trigger


def load(server: TestServer, url: str, script: str | Path) -> None:
    """Run a script, which may use DELIMITER, in a database; raises with what the client said."""
    text = script.read_text() if isinstance(script, Path) else script
    place = parse_url(url)
    places = os.pathsep.join((str(server.bin), os.environ.get("PATH", "")))
    client = next(filter(None, (shutil.which(one, path=places) for one in ("mariadb", "mysql"))))
    socket = dict(place.options).get("unix_socket")
    where = [f"--socket={socket}"] if socket else [f"--host={place.host}", f"--port={place.port}"]
    done = subprocess.run(
        [
            *(client, "--no-defaults", f"--user={place.user}", *where),
            *("--default-character-set=utf8mb4", place.database),
        ],
        input=text,
        env={**os.environ, "MYSQL_PWD": place.password or ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def comparable(table: Table) -> Table:
    """The table without what the server alone knows and how it writes expressions.

    It puts names into backticks, MySQL also more parentheses and the character sets of texts; MariaDB
    calls `length` `octet_length`. Both resolve the queries of views, add the definer to views and
    triggers, and pick a row format; MySQL counts row versions.
    """

    def text(expression: str | None) -> str | None:
        if expression is None:
            return None
        bare = re.sub(r"[\s`()]|_\w+(?=')", "", expression.lower()).replace('"', "'")
        return bare.replace("octet_length", "length")

    return replace(
        table,
        columns=tuple(
            replace(
                one,
                default=text(one.default),
                generated=one.generated
                and replace(one.generated, expression=text(one.generated.expression) or ""),
            )
            for one in table.columns
        ),
        constraints=tuple(
            sorted(
                (
                    replace(one, expression=text(one.expression) or "")
                    if isinstance(one, Check)
                    else one
                    for one in table.constraints
                ),
                key=repr,
            )
        ),
        indexes=tuple(sorted(table.indexes, key=lambda one: one.name)),
        triggers=tuple(
            Trigger(name=name, definition="") for name in sorted(one.name for one in table.triggers)
        ),
        dependents=tuple(
            sorted((replace(one, definition=()) for one in table.dependents), key=repr)
        ),
        referenced_by=tuple(sorted(table.referenced_by, key=repr)),
        partition_key=text(table.partition_key),
        rows=None,
        bytes=None,
        storage=table.storage and replace(table.storage, row_format=None, row_versions=None),
    )
