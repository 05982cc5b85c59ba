"""What comes next and how it is shown, for plans in states that no short walk reaches."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from wizard.model.plan import Snippet
from wizard.standing import FileStanding, GateStanding, PhaseStanding, PlanStanding
from wizard.status import status_document, status_text
from wizard.status.advice import Advice, Filling, Steps, advise
from wizard.status.runs import Run

NOW, LATER = "2026-11-23T10:20:30Z", "2026-11-24T10:20:30Z"


def phase(name: Any, state: Any, **more: Any) -> PhaseStanding:
    file = {
        "applied": "applied",
        "written": "not applied",
        "unknown": "unknown",
        "partly applied": "not applied",
    }.get(state)
    files = (FileStanding(path=f"{name}.sql", revision=name, state=file),) if file else ()  # type: ignore[arg-type]
    values = {
        "when": f"at {name}",
        "application": f"copes with {name}",
        "written": None if state == "waiting" else NOW,
        "files": files,
        **more,
    }
    return PhaseStanding(name=name, state=state, **values)


def gate(state: Any, **more: Any) -> GateStanding:
    return GateStanding(**{"text": "all is well", "state": state, "people": False, **more})


def plan(*phases: PhaseStanding, **more: Any) -> PlanStanding:
    values = {
        "slug": "rename-note",
        "title": "rename note",
        "created": NOW,
        "way_back": "lossless",
        "next": "wait",
        **more,
    }
    return PlanStanding(phases=phases, **values)


def told(*phases: PhaseStanding, **more: Any) -> Advice:
    given = {
        "connected": True,
        "steps": lambda one: Steps(command=f"run {one.name}"),
        **more,
    }
    return advise("rename-note", phases, **given)


EXPAND = phase("expand", "applied")


@pytest.mark.parametrize(
    ("before", "command", "blocked"),
    [
        (None, "migwiz next rename-note", ""),
        (gate("holds"), "migwiz next rename-note", ""),
        (gate("forced"), "migwiz next rename-note", ""),
        (gate("holds", people=True), "migwiz next rename-note --gate-open", ""),
        (gate("people", people=True), "migwiz next rename-note --gate-open", ""),
        (gate("fails", rows=("17", "18")), "", "its query finds rows 17, 18"),
        (gate("unknown", why="it took too long"), "migwiz next rename-note", "it took too long"),
    ],
)
def test_the_next_phase_is_written_when_its_gate_lets_it(
    before: GateStanding | None, command: str, blocked: str
) -> None:
    found = told(EXPAND, phase("contract", "waiting", gate=before))
    assert found.command == command
    assert found.blocked.endswith(blocked)
    assert bool(found.blocked) == bool(blocked)


def test_what_cannot_be_asked_offline_blocks_nothing() -> None:
    waiting = phase("contract", "waiting", gate=gate("unknown", why="not connected"))
    assert not told(EXPAND, waiting, connected=False).blocked


def test_who_writes_phase_after_phase_has_applied_the_earlier_ones() -> None:
    first, second = phase("expand", "unknown"), phase("backfill", "unknown")
    assert told(first, second).command == "run expand"
    found = told(first, replace(second, written=LATER), phase("contract", "waiting"))
    assert found.command == "run backfill"
    assert found.next.startswith("apply the files of backfill, unless that is done")


def test_a_gate_that_fails_keeps_written_files_back() -> None:
    last = phase("contract", "written", gate=gate("fails", rows=("1",)))
    found = told(phase("backfill", "applied"), last)
    assert found.blocked == (
        "the gate before contract fails: the backfill has not filled all rows (row 1)"
    )


def test_rows_that_an_applied_backfill_left_are_filled_by_the_runner() -> None:
    waiting = phase("validate", "waiting", gate=gate("fails", rows=("1",)))
    found = told(phase("backfill", "applied"), waiting)
    assert found.command == "migwiz backfill run rename-note"
    assert found.next == "fill the rows that are left; then write the files of validate"


def test_a_gate_that_cannot_be_asked_blocks_also_where_people_have_a_say() -> None:
    lost = gate("unknown", people=True, query="SELECT 1", why="there is no table t")
    found = told(EXPAND, phase("contract", "waiting", gate=lost))
    assert found.blocked == "the gate before contract cannot be asked: there is no table t"
    assert not told(EXPAND, phase("contract", "waiting", gate=lost), connected=False).blocked


def test_a_backfill_that_was_paused_is_not_waited_for() -> None:
    run = Run(done=False, active=True, state="paused", reason="asked to pause", walked=5, total=9)
    found = told(phase("backfill", "written"), filling=Filling(run=run))
    assert found.command == "migwiz backfill resume rename-note"
    assert found.next == "let the backfill go on; then apply the files of backfill"
    running = replace(run, state="running", reason="")
    assert told(phase("backfill", "written"), filling=Filling(run=running)).next.startswith("wait")


def test_a_gate_whose_query_fails_does_not_blame_what_people_know() -> None:
    failing = gate("fails", people=True, rows=("1", "7"), query="SELECT 1")
    waiting = phase("contract", "waiting", gate=failing)
    found = told(phase("validate", "applied"), waiting)
    assert found.blocked == "the gate before contract fails: its query finds rows 1, 7"
    assert not found.command
    assert found.next.endswith("It asks: SELECT 1")


def test_what_runners_stumble_over_blocks_as_long_as_something_is_to_do() -> None:
    assert told(phase("expand", "written"), problem="it is dirty").blocked == "it is dirty"
    assert told(EXPAND, problem="it is dirty") == Advice(
        next="nothing is left to do", over="finished"
    )


def test_plans_that_are_over_take_one_line_in_a_list() -> None:
    done = plan(EXPAND, slug="one", over="finished", next="nothing is left to do")
    text = status_text([done, replace(done, slug="two", over="abandoned"), plan(EXPAND)])
    assert text.splitlines()[:4] == [
        "one   rename note   finished",
        "two   rename note   abandoned",
        "",
        "rename-note   rename note",
    ]
    assert "● expand" in status_text([done])


def test_a_gate_is_told_in_words() -> None:
    waiting = [
        phase("contract", "waiting", gate=gate(state, **more))
        for state, more in (
            ("holds", {}),
            ("people", {"people": True}),
            ("forced", {"why": "we know better"}),
            ("unknown", {"why": "not connected"}),
        )
    ]
    text = status_text([plan(*waiting)])
    for said in ("holds", "yours to confirm", "was forced: we know better", "not asked: not conn"):
        assert f"gate: all is well ({said}" in text


def test_what_developers_change_is_shown_by_deploy() -> None:
    snippet = Snippet(phase="expand", title="models.py", text="note = Column(Text)\n\nremark = 1")
    one = plan(phase("expand", "written", snippets=(snippet,)), phase("contract", "waiting"))
    assert "models.py" not in status_text([one])
    lines = status_text([one], show=True).splitlines()
    at = lines.index("  expand: at expand")
    assert lines[at + 1 :] == [
        "    models.py",
        "      note = Column(Text)",
        "",
        "      remark = 1",
    ]


def test_what_the_code_must_do_by_then_is_a_sentence() -> None:
    def code(application: str) -> str:
        text = status_text([plan(phase("backfill", "written", application=application))])
        (line,) = (one for one in text.splitlines() if one.startswith("  code "))
        return line.removeprefix("  code ").strip()

    assert code("still reads note") == "when backfill is applied, the code still reads note"
    assert (
        code("stopped; start the new version")
        == "when backfill is applied, the code is stopped; start the new version"
    )
    assert (
        code("first deploy, behind this: writes both")
        == "when backfill is applied: first deploy, behind this: writes both"
    )


def test_no_password_is_in_the_document() -> None:
    note = "not connected: postgresql://shop:s3cret@db/shop does not answer, password=hunter2"
    said = str(status_document([plan(EXPAND, notes=(note,))]))
    assert "s3cret" not in said
    assert "hunter2" not in said
    assert "postgresql://shop:***@db/shop" in said
