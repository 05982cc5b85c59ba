"""Runners in processes of their own, which a test can kill: forked from one that has all imports."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import pickle
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from backfill_runs import QUICK, Place, counted, keyless, work_of

from wizard.backfilling.runner import Settings, run
from wizard.database.urls import parse_url
from wizard.model.steps import Batched

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
        kill_after: float | None = None,
        kill_when: Callable[[], bool] | None = None,
        keyed: bool = True,
        step: Batched | None = None,
    ) -> str:
        """Run a backfill, ``killed`` or its state.

        It is killed after so many seconds, or as soon as something is so, unless it has ended.
        """
        assert self._process.stdin is not None
        order = {"engine": place.engine, "url": place.url, "settings": asdict(settings)}
        step = step or (counted() if keyed else keyless(place.engine))
        order["step"] = base64.b64encode(pickle.dumps(step)).decode()
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        pid = int(self._line(30))
        if kill_when is not None:
            while not (ended := self._said(0.01)) and not kill_when():
                pass
        else:
            ended = kill_after is None or self._said(kill_after)
        if not ended:
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
            work = work_of(place.engine, pickle.loads(base64.b64decode(order["step"])))
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
