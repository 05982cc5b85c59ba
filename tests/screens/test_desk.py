from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from screen_shop import make_session

from screens.desk import Desk
from wizard.model.answers import Answers
from wizard.model.errors import AnswerError, MigwizError


async def test_work_is_done_one_piece_at_a_time_in_one_thread(sqlite_shop: Path) -> None:
    desk = Desk(make_session(sqlite_shop))
    busy = threading.Lock()

    def work(_: object) -> int:
        assert busy.acquire(blocking=False)
        busy.release()
        return threading.get_ident()

    found = await asyncio.gather(*(desk.ask(work, answers=Answers()) for _ in range(20)))
    assert len(set(found)) == 1
    assert found[0] != threading.get_ident()
    desk.close()


async def test_each_piece_sees_the_answers_it_was_asked_with(sqlite_shop: Path) -> None:
    desk = Desk(make_session(sqlite_shop))
    first, second = (Answers().put("rollout.rows", rows) for rows in (1, 2))
    found = await asyncio.gather(
        *(
            desk.ask(lambda one: one.answers.get("rollout.rows"), answers=each)
            for each in (first, second)
        )
    )
    assert found == [1, 2]
    desk.close()


async def test_errors_come_back_and_do_not_stop_the_desk(sqlite_shop: Path) -> None:
    desk = Desk(make_session(sqlite_shop))

    def fail(_: object) -> None:
        raise AnswerError("bad-answer", "no")

    with pytest.raises(MigwizError, match="no"):
        await desk.ask(fail, answers=Answers())
    assert await desk.ask(lambda _: "still here", answers=Answers()) == "still here"
    desk.close()


async def test_what_nobody_waits_for_is_never_begun(sqlite_shop: Path) -> None:
    desk = Desk(make_session(sqlite_shop))
    gate, done = threading.Event(), []
    held = asyncio.create_task(desk.ask(lambda _: gate.wait(10), answers=Answers()))
    dropped = asyncio.create_task(desk.ask(lambda _: done.append("dropped"), answers=Answers()))
    await asyncio.sleep(0)
    dropped.cancel()
    await asyncio.gather(dropped, return_exceptions=True)
    gate.set()
    await held
    await desk.ask(lambda _: done.append("kept"), answers=Answers())
    assert done == ["kept"]
    desk.close()
