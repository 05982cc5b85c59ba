"""Runners in processes of their own, which a test can kill: forked from one that has all imports."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from backfill_runs import QUICK, Place, counted, keyless, work_of

from wizard.backfilling.runner import Settings, run
from wizard.database.urls import parse_url

HERE = Path(__file__).parent


class Nursery:
    """Starts runners, one at a time."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(
        self,
        place: Place,
        settings: Settings = QUICK,
        *,
        kill_after: float | None,
        keyed: bool = True,
    ) -> str:
        """Run a backfill, killed after so many seconds unless it has ended: ``killed`` or its state."""
        assert self._process.stdin is not None
        order = {"engine": place.engine, "url": place.url, "settings": asdict(settings)}
        order["keyed"] = keyed
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        pid = int(self._line(30))
        if kill_after is not None and not self._said(kill_after):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return self._line(60).strip() or "killed"

    def _said(self, seconds: float) -> bool:
        return bool(select.select([self._process.stdout], [], [], seconds)[0])

    def _line(self, seconds: float) -> str:
        assert self._process.stdout is not None
        assert self._said(seconds), "the runner does not answer"
        return self._process.stdout.readline()


@contextmanager
def nursery() -> Iterator[Nursery]:
    """Start the process that runners are forked from."""
    process = subprocess.Popen(
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # What is read ahead would hide from `select`.
        bufsize=0,
        cwd=HERE.parent,
        env={**os.environ, "PYTHONPATH": f"{HERE.parent}{os.pathsep}{HERE}"},
    )
    try:
        yield Nursery(process)
    finally:
        with process:
            process.kill()


def _serve() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reader)
            place = Place(order["engine"], order["url"])
            work = work_of(place.engine, counted() if order["keyed"] else keyless(place.engine))
            found = run(work, parse_url(place.url), Settings(**order["settings"]))
            os.write(writer, found.state.encode())
            os._exit(0)
        os.close(writer)
        os.write(1, f"{pid}\n".encode())
        with os.fdopen(reader) as words:
            ended = words.read()
        os.waitpid(pid, 0)
        os.write(1, f"{ended}\n".encode())


if __name__ == "__main__":
    _serve()
