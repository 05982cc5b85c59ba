"""A plan as plain text, for terminals without pictures and for logs."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from wizard.handover_text import headline, rows
from wizard.model.findings import Finding, Severity
from wizard.model.handover import Handover
from wizard.model.option import Option
from wizard.model.plan import Migration, Phase, Plan, Snippet
from wizard.session import Session

_GLYPH = {Severity.INFO: "·", Severity.WARNING: "!", Severity.DANGER: "✗"}
_WIDTH = 100


def plan_text(session: Session, plan: Plan) -> str:
    """Return the plan as text: phases with locks in both directions, gates, findings."""
    lines = [plan.title]
    if plan.refused is not None:
        return "\n".join([*lines, "", *_finding(plan.refused), ""])
    files = sum(len(phase.migrations) for phase in plan.phases)
    count = len(plan.phases)
    lines[0] += (
        f"   {_count(files, 'file')} · {_count(count, 'phase')} · way back: {plan.reversibility}"
        if files
        else "   no migration needed"
    )
    if not session.answers.operations[0].values.get("how"):
        lines += _options(session.options())
    for phase in plan.phases:
        lines += ["", *_phase(session, phase)]
    for handover in plan.handovers:
        lines += ["", *_handover(handover)]
    if plan.snippets:
        lines += ["", "In the code", *snippet_lines(plan.snippets)]
    if plan.preflights:
        lines += ["", "Look at the data first: each query should return no row"]
        for preflight in plan.preflights:
            lines += _wrapped(f"{preflight.query};", "  ")
    if plan.findings:
        lines += ["", "Worth knowing"]
        for finding in plan.findings:
            lines += _finding(finding)
    if plan.naive is not None:
        lock = session.naive_lock(plan)
        lines += ["", *_wrapped(f"A one-line migration: {lock}; {plan.naive.effect}.", "")]
    return "\n".join([*lines, ""])


def _options(options: Sequence[Option]) -> list[str]:
    """Return the ways side by side, for whoever has not chosen one yet."""
    lines: list[str] = []
    for one in options:
        lines += ["", f"  --how {one.value:<8}{one.label}"]
        if one.reasons:
            lines += _wrapped(f"✗ {'; '.join(one.reasons)}", "    ")
            continue
        lines += _wrapped(one.hint, "    ")
        if one.files:
            lines += _wrapped(f"up    {one.lock_up or 'no lock'}", "    ")
            lines += _wrapped(f"down  {one.lock_down or 'no lock'}", "    ")
            lines += _wrapped(f"way back {one.way_back}", "    ")
    return ["", "The ways here, the best first; --how chooses one", *lines[1:]] if lines else []


def snippet_lines(snippets: Sequence[Snippet]) -> list[str]:
    """Return what changes in the models, by phase and framework; code is never broken into lines."""
    lines: list[str] = []
    for one in snippets:
        lines.append(f"  {one.phase} · {one.title}")
        lines += [f"      {line}" for line in one.text.splitlines()]
    return lines


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _phase(session: Session, phase: Phase) -> list[str]:
    lines = [f"{phase.name.upper()}   {phase.when}"]
    if phase.gate is not None:
        lines += _wrapped(f"gate  {phase.gate.text}", "  ")
        if phase.gate.query:
            lines += _wrapped(f"asks  {phase.gate.query};", "  ")
    lines += _wrapped(f"code  {phase.application}", "  ")
    for number, migration in enumerate(phase.migrations, start=1):
        lines += _migration(session, migration, number)
    return [*lines, *_wrapped(f"back  {phase.way_back}", "  ")]


def _migration(session: Session, migration: Migration, number: int) -> list[str]:
    up, down = session.locks(migration)
    return [
        f"  {number} {migration.title}" + ("   (data only)" if migration.kind == "data" else ""),
        *_wrapped(f"up    {up}", "    "),
        *_wrapped(f"down  {down} · {migration.reversibility}", "    "),
    ]


def _handover(handover: Handover) -> list[str]:
    lines = [f"Hand-over   {headline(handover)}"]
    for row in rows(handover):
        if row.command:
            lines += [f"  {row.label}", *(f"    {line}" for line in row.text.splitlines())]
        else:
            lines += _wrapped(f"{row.label:<6}{row.text}", "  ")
    return lines


def _finding(finding: Finding) -> list[str]:
    lines = _wrapped(f"{_GLYPH[finding.severity]} {finding.severity.value}: {finding.what}", "  ")
    for label, text in (("why", finding.why), ("do", finding.safer)):
        if text:
            lines += _wrapped(f"{label:<4}{text}", "    ")
    return lines


def _wrapped(text: str, indent: str) -> list[str]:
    lines = text.splitlines()
    found: list[str] = []
    for line in lines:
        found += textwrap.wrap(
            line,
            width=_WIDTH,
            initial_indent=indent,
            subsequent_indent=indent + "      ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    return found


def plan_sql(session: Session, plan: Plan) -> str:
    """Return the plan as SQL, upgrade then downgrade of each migration, for reading."""
    dialect = session.dialect()
    lines: list[str] = []
    for phase in plan.phases:
        for migration in phase.migrations:
            up, down = session.locks(migration)
            lines += [f"-- {phase.name}: {migration.title}", f"-- up: {up}"]
            lines += _budget(session, migration)
            lines += [f"{sql};" for step in migration.up for sql in dialect.sql(step)]
            lines += [f"-- down: {down} · {migration.reversibility}"]
            lines += [
                f"--   {line}"
                for step in migration.down
                for sql in dialect.sql(step)
                for line in f"{sql};".splitlines()
            ]
            lines.append("")
    return "\n".join(lines)


def _budget(session: Session, migration: Migration) -> Sequence[str]:
    if migration.lock_timeout_ms is None:
        return ()
    return [f"{one};" for one in session.dialect().budget(migration.lock_timeout_ms)]
