"""The running instances of the application, and deploys that replace them one by one."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Iterator

from wizard.demo.application import Instance, Version
from wizard.demo.ledger import Ledger
from wizard.demo.tally import Tally


class Fleet:
    """Several instances of one or more versions at work; use it as a context."""

    def __init__(self, url: str, ledger: Ledger, tally: Tally, *, size: int = 6) -> None:
        self._url, self._ledger, self._tally, self._size = url, ledger, tally, size
        self._running: list[Instance] = []
        self._started = 0

    def __enter__(self) -> Fleet:
        """Return itself; nothing runs yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop every instance."""
        for one in self._running:
            one.stop()

    def start(self, version: Version) -> None:
        """Start as many instances of a version as the fleet has places."""
        for _ in range(self._size):
            self._add(version)

    def deploy(self, version: Version, *, seconds: float, leave: int = 0) -> None:
        """Replace the instances of all other versions one by one, but for the ``leave`` oldest.

        Those are the hardest to live with: what is oldest knows least of what is new.
        """
        others = [one for one in self._running if one.version != version]
        replaced = others[: leave - 1 : -1] if leave else others[::-1]
        for one in replaced:
            self._add(version)
            time.sleep(seconds / len(replaced))
            one.stop()
            self._running.remove(one)

    def _add(self, version: Version) -> None:
        self._started += 1
        one = Instance(version, self._url, self._ledger, self._tally, self._started)
        one.start()
        self._running.append(one)

    @contextlib.contextmanager
    def still(self) -> Iterator[None]:
        """Hold every instance between two pieces of work, to look at all rows at once."""
        with contextlib.ExitStack() as held:
            for one in self._running:
                held.enter_context(one.busy)
            yield

    def runs(self) -> Counter[str]:
        """Return how many instances of each version run."""
        return Counter(one.version.name for one in self._running)

    def __str__(self) -> str:
        """Name the versions and how many run of each."""
        return ", ".join(f"{name} ×{count}" for name, count in self.runs().items())
