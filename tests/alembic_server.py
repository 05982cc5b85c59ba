"""Runs the real Alembic many times: a process that has it loaded, and forks for each run.

Reads one JSON document a line, ``{"folder", "environment", "words"}``, and answers with
``{"code", "out", "err"}``. Starting Python and importing Alembic took more time than the runs.
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
    *("alembic.autogenerate", "alembic.command", "alembic.config", "mako.template"),
    *("psycopg", "pymysql", "sqlalchemy.dialects.mysql", "sqlalchemy.dialects.postgresql"),
    "sqlalchemy.dialects.sqlite",
)

#: Seconds that one run may take.
_LIMIT = 120


def serve() -> None:
    """Answer requests until standard input ends."""
    # Before the forks, so that no run pays for it.
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
            os._exit(_alembic(request))
        _, status = os.waitpid(child, 0)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    return {"code": os.waitstatus_to_exitcode(status), "out": texts[0], "err": texts[1]}


def _alembic(request: dict[str, Any]) -> int:
    from alembic.config import main

    code = 0
    try:
        os.chdir(request["folder"])
        os.environ.clear()
        os.environ.update(request["environment"])
        main(argv=request["words"], prog="alembic")
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
