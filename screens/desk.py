"""The desk: all work of the session, done one piece at a time in one thread of its own.

A session may be used by one thread only, and what it reads can take seconds. Screens hand pieces
of work over and wait without blocking; a piece whose asker no longer waits is never begun.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from wizard.model.answers import Answers
from wizard.session import Session

T = TypeVar("T")


class Desk:
    """Runs work on a session in a daemon thread, so that leaving never waits for a server."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._pieces: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    async def ask(
        self,
        work: Callable[[Session], T],
        *,
        answers: Answers,
        accepted: frozenset[str] = frozenset(),
    ) -> T:
        """Return what ``work`` returns for these answers; raises what it raises."""
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[Any] = loop.create_future()

        def settle(method: str, outcome: object) -> None:
            def now() -> None:
                if not waiting.done():
                    getattr(waiting, method)(outcome)

            # The loop is closed when the app has ended meanwhile; then nobody waits.
            if not loop.is_closed():
                loop.call_soon_threadsafe(now)

        def piece() -> None:
            if waiting.cancelled():
                return
            self._session.answers, self._session.accepted = answers, accepted
            try:
                outcome = work(self._session)
            except BaseException as error:
                settle("set_exception", error)
            else:
                settle("set_result", outcome)

        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="migwiz-desk", daemon=True)
            self._thread.start()
        self._pieces.put(piece)
        result: T = await waiting
        return result

    def close(self, *, seconds: float = 0.5) -> None:
        """Close the session's connection where it was opened, without waiting for a busy server."""
        if self._thread is None:
            return
        self._pieces.put(self._session.disconnect)
        self._pieces.put(None)
        self._thread.join(seconds)
        self._thread = None

    def _work(self) -> None:
        while (piece := self._pieces.get()) is not None:
            piece()
