"""Where plans stand, as text: a vertical timeline with a glyph and a word for every state."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence

from wizard.standing import GateStanding, PhaseStanding, PlanStanding
from wizard.status.advice import rows_told

#: Takes text and what it is (done, here, wrong, quiet, name), and may colour it.
Paint = Callable[[str, str], str]

_PHASES = {
    "applied": ("●", "*", "applied", "done"),
    "partly applied": ("◑", "%", "partly", "here"),
    "written": ("◐", "+", "written", "here"),
    "unknown": ("◌", "?", "written", "here"),
    "waiting": ("○", "o", "waits", "quiet"),
}
_SAID = {"written": "not applied here", "unknown": "not known whether applied"}
_NARROW = 70
_LEAST = 40


def plain(text: str, kind: str) -> str:
    """Return the text as it is, for terminals without colours."""
    del kind
    return text


def status_text(
    plans: Sequence[PlanStanding],
    *,
    width: int = 100,
    glyphs: bool = True,
    show: bool = False,
    paint: Paint = plain,
) -> str:
    """Return all plans as text; those that are over take one line unless one alone is asked for.

    ``glyphs`` is false for terminals that know only ASCII, ``show`` adds what developers change.
    """
    page = _Page(width=max(width, _LEAST), glyphs=glyphs, show=show, paint=paint)
    blocks = [page.plan(one, whole=len(plans) == 1 or show) for one in plans]
    found = ""
    for at, lines in enumerate(blocks):
        short = len(lines) == 1 and at > 0 and len(blocks[at - 1]) == 1
        found += "" if at == 0 or short else "\n"
        found += "".join(f"{line}\n" for line in lines)
    return found


class _Page:
    """The lines of plans, for one terminal."""

    def __init__(self, *, width: int, glyphs: bool, show: bool, paint: Paint) -> None:
        self._width, self._glyphs, self._show, self._paint = width, glyphs, show, paint

    def plan(self, one: PlanStanding, *, whole: bool) -> list[str]:
        lines = self._head(one)
        if one.over and not whole:
            return lines[:1]
        for phase in one.phases:
            lines += self._phase(phase, blocked=bool(one.blocked))
        lines += self._rows(one)
        if self._show:
            for phase in one.phases:
                lines += self._code(phase)
        return lines

    def _head(self, one: PlanStanding) -> list[str]:
        over = f"   {one.over}" if one.over else ""
        line = f"{one.slug}   {one.title}{over}"
        name = self._paint(one.slug, "name")
        if len(line) <= self._width:
            return [line.replace(one.slug, name, 1)]
        return [name + over, *self._wrapped(one.title, "  ", "  ")]

    def _phase(self, one: PhaseStanding, *, blocked: bool) -> list[str]:
        glyph, ascii_glyph, word, kind = _PHASES[one.state]
        mark = self._paint(glyph if self._glyphs else ascii_glyph, kind)
        start = f"  {mark} {one.name:<9} {self._paint(f'{word:<8}', kind)} "
        shown = self._joined((*_counted(one), _SAID.get(one.state, ""), one.when))
        indent = " " * 23
        if self._width < _NARROW:
            indent = " " * 6
            lines = [start.rstrip(), *self._wrapped(shown, indent, indent)]
        else:
            first, *more = self._wrapped(shown, indent, indent) or [indent]
            lines = [(start + first[len(indent) :]).rstrip(), *more]
        if one.state != "applied" and one.gate is not None:
            kind = "wrong" if blocked and one.gate.state == "fails" else "quiet"
            lines += [self._paint(each, kind) for each in self._gate(one.gate, indent)]
        for file in one.files:
            if file.note and file.state != "applied":
                lines += self._wrapped(f"{file.path}: {file.note}", indent, indent)
        return lines

    def _gate(self, gate: GateStanding, indent: str) -> list[str]:
        said = {
            "holds": "holds, as far as the database tells; the rest is yours to confirm"
            if gate.people
            else "holds",
            "fails": f"fails: {rows_told(gate)}",
            "people": "yours to confirm",
            "forced": "was forced",
            "unknown": "not asked",
        }[gate.state]
        why = f": {gate.why}" if gate.why else ""
        return self._wrapped(f"gate: {gate.text} ({said}{why})", indent, indent + "  ")

    def _rows(self, one: PlanStanding) -> Iterator[str]:
        rows = [("next" if not one.over else "over", one.next, "here")]
        if one.command:
            rows.append(("", one.command, "command"))
        waiting = next((phase for phase in one.phases if phase.state == "waiting"), None)
        if waiting and not one.over and not one.command.startswith("migwiz next"):
            rows.append(("later", f"migwiz next {one.slug} writes {waiting.name}", "quiet"))
        if one.blocked:
            rows.append(("blocked", one.blocked, "wrong"))
        rows += [("code", text, "quiet") for text in _application(one)]
        rows.append(("way back", _way_back(one), "quiet"))
        if one.database:
            rows.append(("database", one.database, "quiet"))
        rows += [("note", text, "quiet") for text in one.notes]
        for label, text, kind in rows:
            start = f"  {label:<9} "
            if kind == "command":
                # To be copied: never broken.
                yield f"{start}{self._paint(text, 'name')}"
                continue
            first, *more = self._wrapped(text, start, " " * len(start))
            yield self._paint(first, kind) if kind == "wrong" else first
            yield from (self._paint(each, kind) if kind == "wrong" else each for each in more)

    def _code(self, phase: PhaseStanding) -> Iterator[str]:
        if not phase.snippets:
            return
        yield ""
        yield f"  {phase.name}: {phase.when}"
        for one in phase.snippets:
            yield f"    {self._paint(one.title, 'name')}"
            yield from (f"      {line}".rstrip() for line in one.text.splitlines())

    def _joined(self, parts: Iterable[str]) -> str:
        return (" · " if self._glyphs else ", ").join(part for part in parts if part)

    def _wrapped(self, text: str, first: str, more: str) -> list[str]:
        return textwrap.wrap(
            text,
            width=self._width,
            initial_indent=first,
            subsequent_indent=more,
            break_long_words=False,
            break_on_hyphens=False,
        )


def _counted(phase: PhaseStanding) -> Iterator[str]:
    """Yield how many migrations a phase has, and how many of them are applied."""
    states = {one.revision: one.state for one in phase.files if one.revision}
    if not states:
        return
    count = len(states)
    noun = "migration" if count == 1 else "migrations"
    if phase.state == "partly applied":
        done = sum(one == "applied" for one in states.values())
        yield f"{done} of {count} {noun} applied here"
    else:
        yield f"{count} {noun}"


def _application(one: PlanStanding) -> Iterator[str]:
    """Yield what the code must do by the time of the phase that is to be applied or written next."""
    coming = [phase for phase in one.phases if phase.state not in ("applied", "unknown")]
    if not one.over and one.phases:
        phase = coming[0] if coming else one.phases[-1]
        said = phase.application
        if said.startswith("stopped"):
            said = f"is {said}"
        # What is told deploy by deploy is no sentence of which the code is the subject.
        who = "" if " deploy, " in said.partition(":")[0] else ", the code"
        yield f"when {phase.name} is applied{who or ':'} {said}"


def _way_back(one: PlanStanding) -> str:
    """Return what going back takes from where the plan is."""
    begun = [
        phase.way_back
        for phase in one.phases
        if phase.state not in ("waiting", "written") and phase.way_back
    ]
    return f"{one.way_back}: {begun[-1]}" if begun else one.way_back
