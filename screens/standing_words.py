"""Words for where a plan stands: each state is a sign and a word, and a colour that repeats it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from textual.content import Content

from screens.words import MUTED, hang, lines, plural
from wizard.standing import (
    FileState,
    GateStanding,
    GateState,
    PhaseStanding,
    PhaseState,
    PlanStanding,
)

PlanKind = Literal["blocked", "next", "waiting", "finished", "abandoned"]
Mark = tuple[str, str, str]

#: Sign, word and style. The order is that of the list: what needs somebody comes first.
PLANS: dict[PlanKind, Mark] = {
    "blocked": ("✗", "blocked", "$text-error"),
    "next": ("▸", "next", "bold $text-accent"),
    "waiting": ("·", "waiting", "$text-primary"),
    "finished": ("✓", "finished", "$text-success"),
    "abandoned": ("–", "abandoned", MUTED),
}
PHASES: dict[PhaseState, Mark] = {
    "applied": ("●", "applied", "$text-success"),
    "partly applied": ("◐", "partly", "bold $text-warning"),
    "written": ("◒", "written", "bold $text-accent"),
    "waiting": ("○", "waits", MUTED),
    "unknown": ("?", "not known", "$text-warning"),
}
FILES: dict[FileState, Mark] = {
    "applied": ("●", "applied", "$text-success"),
    "not applied": ("○", "not applied", "$text-warning"),
    "written": ("◒", "written", "$text-accent"),
    "unknown": ("?", "not known", "$text-warning"),
}
GATES: dict[GateState, Mark] = {
    "holds": ("✓", "holds", "$text-success"),
    "fails": ("✗", "fails", "bold $text-error"),
    "people": ("◇", "only people know", "$text-warning"),
    "forced": ("!", "forced", "bold $text-warning"),
    "unknown": ("?", "not known", "$text-warning"),
}

_LABEL = 10


def plan_kind(plan: PlanStanding) -> PlanKind:
    """Say in one of five words where a plan stands."""
    if plan.over:
        return "abandoned" if plan.over == "abandoned" else "finished"
    if plan.blocked:
        return "blocked"
    return "next" if plan.command else "waiting"


def in_order(plans: Sequence[PlanStanding]) -> tuple[PlanStanding, ...]:
    """Return the plans that need somebody first; within that the order stays."""
    rank = list(PLANS)
    return tuple(sorted(plans, key=lambda one: rank.index(plan_kind(one))))


def counted(plans: Sequence[PlanStanding]) -> str:
    """Say how many plans there are of each kind."""
    if not plans:
        return "no plans"
    over = [plan_kind(one) for one in plans if one.over]
    found = [f"{plural(len(plans) - len(over), 'plan')} under way"]
    for kind in ("finished", "abandoned"):
        count = over.count(kind)
        if count:
            found.append(f"{count:,} {kind}")
    return " · ".join(found)


def current_phase(plan: PlanStanding) -> int:
    """Return the number of the phase to look at first: the first one that is not applied.

    Of those of which that is not known, the last one: it was written when the others were applied.
    """
    states = [one.state for one in plan.phases]
    open_ones = [number for number, one in enumerate(states) if one != "applied"]
    if not open_ones:
        return max(0, len(states) - 1)
    at = open_ones[0]
    while states[at] == "unknown" and states[at + 1 : at + 2] == ["unknown"]:
        at += 1
    return at


def plan_line(plan: PlanStanding, *, tall: bool) -> Content:
    """Return a plan as the list shows it: in two lines where there is height for it, else in one."""
    sign, word, style = PLANS[plan_kind(plan)]
    if not tall:
        return Content.assemble(
            (f"{sign} {word:<9}", style), " ", (plan.title, MUTED if plan.over else "")
        )
    place = plan.phases[current_phase(plan)].name if plan.phases and not plan.over else ""
    return Content.assemble(
        (f"{sign} ", style),
        (plan.title, MUTED if plan.over else "bold"),
        (f"\n  {word}", style),
        (f": {place}" if place else "", style),
    )


def files_counted(phase: PhaseStanding) -> str:
    """Say how many files of a phase are applied, empty while there is none."""
    if not phase.files:
        return ""
    applied = sum(one.state == "applied" for one in phase.files)
    if phase.state == "unknown" or all(one.state in ("written", "unknown") for one in phase.files):
        return plural(len(phase.files), "file")
    return f"{applied}/{plural(len(phase.files), 'file')}"


def marked(mark: Mark) -> Content:
    """Return sign and word."""
    sign, word, style = mark
    return Content.styled(f"{sign} {word}", style)


def phase_text(phase: PhaseStanding, *, width: int) -> Content:
    """Return all that is known of a phase, each fact with its label."""
    found: list[Content] = []

    def row(label: str, text: str, *, mark: Content | str = "", style: str = "") -> None:
        first = Content.assemble((f"{label:<{_LABEL}}", MUTED), mark, "  " if mark else "")
        found.append(hang(first, text, width, style=style))

    row("when", phase.when)
    row("your code", phase.application)
    if phase.gate is not None:
        for one in _gate_rows(phase.gate):
            row(*one[:2], mark=one[2], style=one[3])
    for number, file in enumerate(phase.files):
        label = "files" if number == 0 else ""
        sign, word, style = FILES[file.state]
        room = width - _LABEL - len(sign) - len(word) - 3
        path = _fitted(file.path, room)
        if len(path) <= room:
            row(label, path, mark=marked(FILES[file.state]))
        else:
            row(label, path, mark=Content.styled(sign, style))
            row("", word, style=style)
        if file.revision and file.revision not in file.path:
            row("", f"revision {file.revision}", style=MUTED)
        if file.note:
            row("", f"! {file.note}", style="$text-warning")
    if not phase.files:
        row("files", "none yet: they are written when it is their turn", style=MUTED)
    if phase.written:
        row("written", phase.written.replace("T", " ").removesuffix("Z") + " UTC")
    if phase.way_back:
        row("way back", phase.way_back)
    if phase.snippets:
        row("snippets", f"{plural(len(phase.snippets), 'piece')} of code to change: press s")
    return lines(found)


def _fitted(path: str, width: int) -> str:
    """Return a path, without its folder where there is no room for both."""
    name = path.rpartition("/")[2]
    return next((one for one in (path, f"…/{name}") if len(one) <= width), name)


def _gate_rows(gate: GateStanding) -> list[tuple[str, str, Content | str, str]]:
    mark = GATES[gate.state]
    found: list[tuple[str, str, Content | str, str]] = [("gate", gate.text, marked(mark), "")]
    if gate.why:
        found.append(("", gate.why, "", MUTED))
    if gate.query is not None:
        asked = "asked" if gate.state in ("holds", "fails") else "to ask"
        found.append((f"  {asked}", gate.query, "", MUTED))
    if gate.rows:
        found.append(("  rows", ", ".join(gate.rows), "", "$text-error"))
    if gate.people and gate.state in ("holds", "fails", "unknown"):
        found.append(("", "◇ a part of it only people know", "", "$text-warning"))
    return found


def snippets_text(phase: PhaseStanding) -> Content:
    """Return what a developer changes in the application for a phase."""
    by_then = Content.assemble(("By then the code ", MUTED), phase.application, "\n")
    return lines([by_then, *snippets(phase)])


def snippets(phase: PhaseStanding) -> list[Content]:
    """Return the pieces of code of a phase, each below its title."""
    found = []
    for one in phase.snippets:
        # A comment behind the code gets a line of its own, which narrow windows need.
        text = one.text.replace("   # ", "\n# ")
        code = "\n".join(f"    {line}" for line in text.splitlines())
        found += [Content.styled(one.title, "bold $text-primary"), Content(f"{code}\n")]
    return found


def ago(seconds: float) -> str:
    """Say how long ago something was."""
    if seconds < 2:
        return "just now"
    if seconds < 120:
        return f"{seconds:.0f} s ago"
    minutes = seconds / 60
    return f"{minutes:.0f} min ago" if minutes < 120 else f"{minutes / 60:.0f} h ago"
