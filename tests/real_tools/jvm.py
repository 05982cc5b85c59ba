"""A Java program that stays: it is started once, and told line by line what to do.

A start of the JVM with a tool in it takes longer than a whole migration.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import tools

END = "\x04"
SECONDS = 180.0


class Jvm:
    """``source`` is a Java file whose main reads lines of words, with tabs between.

    After each line it prints what happened, and then a line with ``END`` and "0" for success.
    """

    def __init__(self, source: str, jars: Callable[[], Path]) -> None:
        self._source = Path(__file__).parent / source
        self._jars = jars
        self._process: subprocess.Popen[str] | None = None

    def bring(self) -> None:
        """Fetch what is needed; skips the test where it cannot be had."""
        # It compiles the source by itself, which needs more than a runtime.
        tools.program("javac", "needs a JDK of 17 or newer: apt-get install default-jdk-headless")
        self._jars()

    def call(self, *words: str) -> str:
        """Return what the program printed; raises CalledProcessError."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("\t".join(words) + "\n")
        process.stdin.flush()
        said: list[str] = []
        alarm = threading.Timer(SECONDS, process.kill)
        alarm.start()
        try:
            for line in process.stdout:
                if line.startswith(END):
                    break
                said.append(line)
            else:
                raise subprocess.CalledProcessError(1, words, "".join(said), "it ended")
        finally:
            alarm.cancel()
        if line.strip(f"{END}\n") != "0":
            raise subprocess.CalledProcessError(1, words, "".join(said), "")
        return "".join(said)

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            java = tools.program("java", "needs Java 17 or newer")
            small = ("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
            self._process = subprocess.Popen(
                [java, *small, "-cp", f"{self._jars()}/*", str(self._source)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
            )
            atexit.register(self._process.kill)
        return self._process
