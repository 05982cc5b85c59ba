"""A plan as a line in time: its phases, the deploys between them, what each step holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from screens.words import MUTED, hang, lines
from wizard.model.plan import Phase, Plan


class PhaseView(Static):
    """One phase; its lines are broken anew when its width changes."""

    DEFAULT_CSS = """
    PhaseView { width: 1fr; height: auto; padding-right: 2; }
    """

    def __init__(self, phase: Phase, number: int, locks: Mapping[str, tuple[str, str]]) -> None:
        super().__init__(phase_text(phase, number, locks, width=60))
        self._told = (phase, number, locks)

    def on_resize(self, event: events.Resize) -> None:
        """Break the lines for this width."""
        self.update(phase_text(*self._told, width=event.size.width - 2))


class Timeline(Vertical):
    """Phases beside each other where there is room, else below each other."""

    DEFAULT_CSS = """
    Timeline { height: auto; }
    Timeline > Horizontal { height: auto; }
    Timeline.-stacked > Horizontal { layout: vertical; }
    Timeline.-stacked PhaseView { width: 1fr; margin-bottom: 1; }
    """

    def compose(self) -> ComposeResult:
        """Lay out the row."""
        yield Horizontal()

    async def show(self, plan: Plan, locks: Mapping[str, tuple[str, str]], *, wide: int) -> None:
        """Paint a plan. ``wide`` is the room in columns."""
        row = self.query_one(Horizontal)
        self.set_class(wide < 29 * len(plan.phases), "-stacked")
        async with self.batch():
            await row.remove_children()
            await row.mount_all(
                [PhaseView(one, number, locks) for number, one in enumerate(plan.phases, start=1)]
            )


def phase_text(
    phase: Phase, number: int, locks: Mapping[str, tuple[str, str]], *, width: int
) -> Content:
    """Return a phase as text: name, when, what the code must do, gate, and each file."""
    head = f"● {number} {phase.name.upper()} "
    found = [Content.styled(head + "─" * max(0, width - len(head)), "bold $text-accent")]

    def row(label: str, text: str, style: str = "", *, line: str = "│") -> None:
        first = Content.assemble((f"{line} ", "$text-accent"), (label, MUTED))
        found.append(hang(first, text, width, following=line, style=style))

    if phase.gate is not None:
        row("gate  ", f"◇ {phase.gate.text}", "$text-warning")
        if phase.gate.query is not None:
            row("      ", phase.gate.query, MUTED)
    row("when  ", phase.when)
    row("code  ", phase.application)
    for at, migration in enumerate(phase.migrations):
        last = at == len(phase.migrations) - 1
        branch, line = ("└", " ") if last else ("├", "│")
        found.append(
            hang(
                Content.styled(f"{branch} ", "$text-accent"),
                migration.title,
                width,
                following=line,
                style="bold",
            )
        )
        marks = ["data only"] if migration.kind == "data" else []
        marks += [] if migration.transactional else ["outside a transaction"]
        if marks:
            row("  ", " · ".join(marks), MUTED, line=line)
        up, down = locks.get(migration.slug, ("", ""))
        row("  up    ", up, line=line)
        row("  down  ", down, line=line)
        grade = migration.reversibility
        if grade.needs_acknowledgement:
            text = f"! loses data: {grade.reason or grade}"
            row("  ", text, "$text-warning", line=line)
    row("back  ", phase.way_back, line=" ")
    return lines(found)


def compared(rows: Sequence[tuple[str, str, bool]]) -> Content:
    """Return a small table that compares ways; True marks the chosen one."""
    return lines(
        Content.assemble(
            ("▸ " if here else "  ", "bold $text-accent"),
            (name, "bold" if here else ""),
            (f"\n    {text}", "" if here else MUTED),
        )
        for name, text, here in rows
    )
