"""Runs the real Django many times: a process that has it loaded, and forks for each run.

Reads one JSON document a line, ``{"folder", "environment", "words"}``, and answers with
``{"code", "out", "err"}``. Starting Python and importing Django took more time than the runs.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import tempfile
import traceback
from typing import Any

_LOADED = (
    *("django.core.management", "django.db.migrations.executor", "django.contrib.postgres"),
    *("django.db.migrations.autodetector", "django.db.models", "sqlite3", "sqlparse"),
    *("psycopg", "pymysql", "django.core.management.commands.migrate"),
    "django.core.management.commands.makemigrations",
)

#: Seconds that one run may take.
_LIMIT = 120


def serve() -> None:
    """Answer requests until standard input ends."""
    for module in _LOADED:
        importlib.import_module(module)
    for line in sys.stdin:
        print(json.dumps(_run(json.loads(line))), flush=True)


def _run(request: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            signal.alarm(_LIMIT)
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            os._exit(_django(request))
        _, status = os.waitpid(child, 0)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    return {"code": os.waitstatus_to_exitcode(status), "out": texts[0], "err": texts[1]}


def _django(request: dict[str, Any]) -> int:
    execute = importlib.import_module("django.core.management").execute_from_command_line
    code = 0
    try:
        os.chdir(request["folder"])
        os.environ.clear()
        os.environ.update(request["environment"])
        sys.path.insert(0, request["folder"])
        sys.dont_write_bytecode = True
        for words in request["words"]:
            execute(["manage.py", *words])
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


if __name__ == "__main__":
    serve()
