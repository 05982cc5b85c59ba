"""A plan as a line in time: its phases, the deploys between them, what each step holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from screens.words import MUTED, lines
from wizard.model.plan import Phase, Plan


class PhaseView(Static):
    """One phase."""

    DEFAULT_CSS = """
    PhaseView { width: 1fr; height: auto; padding-right: 2; }
    """

    def __init__(self, phase: Phase, number: int, locks: Mapping[str, tuple[str, str]]) -> None:
        super().__init__(phase_text(phase, number, locks))


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
        self.set_class(wide < 34 * len(plan.phases), "-stacked")
        async with self.batch():
            await row.remove_children()
            await row.mount_all(
                [PhaseView(one, number, locks) for number, one in enumerate(plan.phases, start=1)]
            )


def phase_text(phase: Phase, number: int, locks: Mapping[str, tuple[str, str]]) -> Content:
    """Return a phase as text: name, when, what the code must do, gate, and each file."""
    found = [
        Content.assemble(
            ("●─ ", "$text-accent"),
            (f"{number} {phase.name.upper()}", "bold $text-accent"),
            (" " + "─" * 4, "$text-accent"),
        )
    ]
    if phase.gate is not None:
        found.append(_row("gate", "◇ " + phase.gate.text, "$text-warning"))
        if phase.gate.query is not None:
            found.append(_row("", phase.gate.query, MUTED))
    found.append(_row("when", phase.when))
    found.append(_row("code", phase.application))
    for at, migration in enumerate(phase.migrations):
        last = at == len(phase.migrations) - 1
        branch, line = ("└", " ") if last else ("├", "│")
        kind = " · data only" if migration.kind == "data" else ""
        outside = "" if migration.transactional else " · outside a transaction"
        up, down = locks.get(migration.slug, ("", ""))
        found.append(
            Content.assemble(
                (f"{branch} ", "$text-accent"), (migration.title, "bold"), kind, outside
            )
        )
        found.append(Content.assemble((f"{line}   ", "$text-accent"), ("up    ", MUTED), up))
        found.append(Content.assemble((f"{line}   ", "$text-accent"), ("down  ", MUTED), down))
        grade = migration.reversibility
        if grade.needs_acknowledgement:
            found.append(
                Content.assemble(
                    (f"{line}   ", "$text-accent"),
                    (f"! loses data: {grade.reason or grade}", "$text-warning"),
                )
            )
    return lines(found)


def _row(label: str, text: str, style: str = "") -> Content:
    return Content.assemble(
        ("│ ", "$text-accent"), (f"{label:<5}", MUTED), (text, style) if style else text
    )


def compared(rows: Sequence[tuple[str, str, bool]]) -> Content:
    """Return a small table that compares ways; True marks the chosen one."""
    width = max((len(name) for name, _, _ in rows), default=0)
    return lines(
        Content.assemble(
            ("▸ " if here else "  ", "bold $text-accent"),
            (name.ljust(width + 2), "bold" if here else ""),
            (text, "" if here else MUTED),
        )
        for name, text, here in rows
    )
