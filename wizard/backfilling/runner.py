"""Running a backfill: workers in threads, a lease that is kept, and word of how far it is."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import closing, nullcontext, suppress

from wizard.backfilling import blocks, preparing
from wizard.backfilling.control import Control
from wizard.backfilling.ending import ending, fewer
from wizard.backfilling.engines import engines
from wizard.backfilling.engines.base import Writer
from wizard.backfilling.lease import LeaseLost
from wizard.backfilling.progress import Progress, Reading, RunState, WorkerProgress
from wizard.backfilling.ranges import Ranges
from wizard.backfilling.settings import Settings, Signals, Tell, no_signals, steered
from wizard.backfilling.telling import Board
from wizard.backfilling.tempo import Asked, Tempo
from wizard.backfilling.work import Work
from wizard.backfilling.worker import Common, GaveUp, Stopped, Worker
from wizard.database import failures
from wizard.database.urls import DatabaseUrl
from wizard.dialects.keyset import HIDDEN_TYPES
from wizard.model.errors import ReachError

_TELL_S = 0.25
_RECONNECT_S = 5.0


def run(
    work: Work,
    url: DatabaseUrl,
    settings: Settings | None = None,
    *,
    tell: Tell = lambda _: None,
    control: Control | None = None,
    signals: Signals = no_signals,
) -> Progress:
    """Run one piece of work to its end, or until it is stopped, and return how it ended.

    It goes on where an earlier run ended. ``tell`` is called about four times a second, and once at
    the end with what is returned: ``done``, ``stopped`` or ``failed`` with the reason. Raises
    ConflictError (`backfill-held`) when somebody else runs it, and ReachError when the database
    cannot be reached, or the tables for the state cannot be made.
    """
    settings, control = settings or Settings(), control or Control()
    return _Run(work, url, settings, tell=tell, control=control, signals=signals).go()


class _Run:
    """One run, in the thread that called; its workers have threads of their own."""

    def __init__(
        self,
        work: Work,
        url: DatabaseUrl,
        settings: Settings,
        *,
        tell: Tell,
        control: Control,
        signals: Signals,
    ) -> None:
        self._work, self._url, self._settings = work, url, settings
        self._tell, self._control, self._signals = tell, control, signals
        self._engine = engines()[work.dialect.name]
        self._turn = threading.RLock() if self._engine.one_writer else None
        self._lock = threading.Lock()
        self._busy = 0
        self._ended = threading.Event()
        self._may_go = threading.Event()
        self._failure: Exception | None = None
        self._told_at = 0.0
        #: Of all sessions that wrote batches, the lost ones too: their numbers are soon nobody's.
        self._sessions: deque[int] = deque(maxlen=64)
        self._wanted = "run"
        self._readings: tuple[Reading, ...] = ()
        self._counting = False
        self._left: int | None = None

    def go(self) -> Progress:
        """Take the lease, walk, count what is left, give the lease up."""
        ready = preparing.prepare(
            self._work,
            self._url,
            self._engine,
            dead_s=self._settings.dead_s,
            tell=self._tell,
            asked=self._control.asked.over(self._settings.asked),
        )
        self._ready, self._kept = ready, ready.kept
        walked, changed = ready.walked
        self._board = Board(self._work, walked=walked, changed=changed, tempo=ready.tempo)
        self._may_go.set()
        try:
            if ready.done:
                return self._close("done", ready.reason, ready.remaining)
            self._walk()
            self._look()
            self._sweep()
            return self._settle()
        finally:
            ready.writer.close()

    # --- walking -----------------------------------------------------------------------------

    def _walk(self) -> None:
        if not self._work.step.key:
            self._while_kept([self._at_once])
            return
        settings = self._settings
        # One connection at a time writes there: more workers would wait for each other.
        count = 1 if self._engine.one_writer else max(1, settings.workers)
        common = Common(
            engine=self._engine,
            open=self._open,
            state=self._ready.state,
            statements=blocks.walk(self._work.step, self._work.dialect, self._engine),
            ranges=Ranges(self._ready.state, self._kept.fence, alone=count == 1),
            board=self._board,
            fence=self._kept.fence,
            patience_s=settings.patience_s,
            batches=settings.batches,
            explain=self._explain,
            may_go=self._may_go,
            ended=self._ended,
            turn=self._turn,
        )
        pace = settings.pace(self._board.tempo, self._work.step.batch)
        self._while_kept([Worker(number, common, pace).walk for number in range(1, count + 1)])

    def _sweep(self) -> None:
        """Walk again while rows have moved past the walk, and fewer do so each time."""
        hidden, before = HIDDEN_TYPES & {*self._work.step.key_types}, None
        while hidden and not self._over and self._left and fewer(self._left, before):
            before = self._left
            self._again([self._begin_sweep])
            if not self._over:
                self._ended.clear()
                self._walk()
            self._look()

    @property
    def _over(self) -> bool:
        """Whether the run has failed, or has been asked to stop."""
        return self._failure is not None or self._wanted == "stop"

    def _begin_sweep(self) -> None:
        with closing(self._engine.open(self._url)) as writer, self._turn or nullcontext():
            preparing.sweep(self._ready, writer)

    def _open(self) -> Writer:
        """Open a session for batches, and note its number for those who watch."""
        writer = self._engine.open(self._url)
        if self._engine.words.session:
            ((number,),) = writer.run(self._engine.own(self._engine.words.session), {}).rows
            self._sessions.append(int(str(number)))
        return writer

    def _at_once(self) -> None:
        with closing(self._engine.open(self._url)) as writer, self._turn or nullcontext():
            rows = preparing.run_at_once(self._work, self._engine, self._ready, writer)
        self._board.batch(WorkerProgress(number=1, state="done"), walked=rows, changed=rows)

    def _count(self) -> None:
        with closing(self._engine.open(self._url)) as writer:
            self._left = preparing.count(self._work, self._engine, writer)

    def _while_kept(self, tasks: Sequence[Callable[[], None]]) -> None:
        """Do some tasks in threads of their own, and keep the lease meanwhile."""
        threads = [
            threading.Thread(target=self._guarded, args=(one,), daemon=True) for one in tasks
        ]
        self._busy = len(threads)
        watcher = threading.Thread(target=self._watch, daemon=True)
        for thread in (*threads, watcher):
            thread.start()
        try:
            self._keep()
        finally:
            # Also when the user interrupts: what is under way is committed, and nothing after it.
            self._ended.set()
            self._may_go.set()
            for thread in threads:
                thread.join()
            watcher.join(_TELL_S)

    def _guarded(self, task: Callable[[], None]) -> None:
        try:
            task()
        except Stopped:
            pass
        except (LeaseLost, GaveUp) as error:
            self._fail(error)
        except self._engine.errors as error:
            self._fail(GaveUp(self._explain(error)))
        except BaseException as error:
            # A bug in a thread would else be printed and forgotten.
            self._fail(error if isinstance(error, Exception) else RuntimeError(str(error)))
            raise
        finally:
            with self._lock:
                self._busy -= 1
            self._control.nudge()

    def _fail(self, error: Exception) -> None:
        if self._failure is None:
            self._failure = error
        self._ended.set()

    def _watch(self) -> None:
        """Read the signals, which may take its time."""
        while not self._ended.wait(self._settings.signals_s):
            self._readings = tuple(self._signals(tuple(self._sessions)))

    # --- keeping the lease -------------------------------------------------------------------

    def _keep(self) -> None:
        """Renew the lease, do what is wanted and tell, until all workers are done."""
        beaten = time.monotonic()
        failing_since: float | None = None
        cut_off: str | None = None
        # A wish that the database was not told yet.
        unsaid: str | None = None
        unpaced: Tempo | None = None
        while self._busy and not self._ended.is_set():
            self._control.wait(min(_TELL_S, self._settings.beat_s))
            wish = self._control.taken()
            if wish is not None:
                self._wanted = unsaid = wish
            tempo = self._control.paced(self._board.tempo)
            if tempo is not None:
                self._board.tempo = unpaced = tempo
            now = time.monotonic()
            if wish is not None or tempo is not None or now - beaten >= self._settings.beat_s:
                beaten = now
                try:
                    self._beat(unsaid, unpaced)
                    failing_since = cut_off = unsaid = unpaced = None
                except self._engine.errors as error:
                    failing_since = now if failing_since is None else failing_since
                    cut_off = self._mend(error, now - failing_since)
            self._steer(cut_off)
            self._say()

    def _beat(self, wish: str | None, tempo: Tempo | None) -> None:
        board, ready = self._board, self._ready
        asked = Asked() if tempo is None else Asked(target_ms=tempo.target_ms, nice=tempo.nice)
        with self._turn or nullcontext():
            wanted = preparing.beat(ready, board.state, board.reason, wish, asked)
        if wanted is None:
            self._fail(LeaseLost())
            return
        self._wanted = wanted.wish
        if ready.state.paced:
            board.tempo = wanted.asked.of(board.tempo)
        if board.tempo != ready.tempo:
            # It holds for what this process runs after this, too.
            ready.tempo = board.tempo
            self._control.asked = Asked(target_ms=board.tempo.target_ms, nice=board.tempo.nice)

    def _mend(self, error: Exception, since: float) -> str | None:
        """Mend the keeper's own connection, and return why the run has to wait for that."""
        trouble = self._engine.trouble(error)
        if trouble == "permanent" or since > self._settings.patience_s:
            self._fail(GaveUp(f"keeping the lease: {self._explain(error)}"))
            return None
        if trouble != "lost":
            with suppress(*self._engine.errors):
                self._ready.writer.rollback()
                return None
        self._ready.writer.close()
        try:
            self._ready.writer = self._engine.open(self._url)
        except self._engine.errors:
            self._ended.wait(min(_RECONNECT_S, self._settings.beat_s))
        return "the connection was lost; trying to get it back"

    def _steer(self, cut_off: str | None) -> None:
        """Let the workers go, or hold them at their next border."""
        exceeded = [one for one in self._readings if one.exceeded]
        state, reason = steered(self._wanted, exceeded, cut_off)
        if state == "running" and self._counting:
            reason = "counting the rows that still need it"
        self._board.say(state, reason, self._readings)
        if self._wanted == "stop":
            self._ended.set()
        if state in ("running", "stopped"):
            self._may_go.set()
        else:
            self._may_go.clear()

    def _say(self) -> None:
        now = time.monotonic()
        if now - self._told_at >= _TELL_S:
            self._told_at = now
            self._tell(self._board.progress())

    # --- the end -----------------------------------------------------------------------------

    def _look(self) -> None:
        """Count what is left, unless the run is over."""
        self._left = None
        if not self._over:
            self._counting = True
            self._again([self._count])
            self._counting = False

    def _again(self, tasks: Sequence[Callable[[], None]]) -> None:
        self._ended.clear()
        self._while_kept(tasks)

    def _settle(self) -> Progress:
        failure = self._failure
        if failure is not None and not isinstance(failure, LeaseLost | GaveUp):
            raise failure
        end = ending(failure, stopped=self._wanted == "stop", left=self._left)
        if isinstance(failure, LeaseLost):
            # The state is somebody else's by now.
            self._board.say(end.state, end.reason)
            return self._last()
        return self._close(end.state, end.reason, end.remaining)

    def _close(self, state: RunState, reason: str, remaining: int | None) -> Progress:
        self._board.say(state, reason)
        try:
            preparing.end_surely(self._ready, self._url, state, reason, remaining)
        except self._engine.errors as error:
            if state != "failed":
                raise self._reach(error) from None
        return self._last()

    def _last(self) -> Progress:
        found = self._board.progress()
        self._tell(found)
        return found

    def _explain(self, error: Exception) -> str:
        # What PostgreSQL tells behind that word holds the row's own values.
        return self._reach(error).why.partition(" DETAIL:")[0]

    def _reach(self, error: Exception) -> ReachError:
        return failures.reading(error, self._url)


__all__ = ["Settings", "Signals", "Tell", "no_signals", "run"]
