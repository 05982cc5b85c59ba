"""A plan as a line in time: its phases and the deploys between them, across or down the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.style import Style

from screens.standing_words import GATES, PHASES, files_counted
from screens.words import MUTED, hang, lines
from wizard.standing import PhaseStanding, PlanStanding

#: The least width of a place on the line that goes across.
LEAST = 12
#: From this width on, a place has room to say when.
ROOMY = 18
#: Below it, the word gate gives way.
TIGHT = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place on the line; ``phase`` is its number, None for a deploy."""

    label: str
    sign: str
    style: str
    done: bool
    told: tuple[str, ...]
    text: str
    phase: int | None = None


def places(plan: PlanStanding) -> tuple[Place, ...]:
    """Return the phases, and a deploy before each whose gate waits for other code to run."""
    found: list[Place] = []
    deploys = 0
    for number, phase in enumerate(plan.phases):
        if _needs_deploy(phase):
            deploys += 1
            done = phase.written is not None
            found.append(
                Place(
                    label=f"DEPLOY {deploys}",
                    sign="◆" if done else "◇",
                    style="$text-success" if done else "$text-warning",
                    done=done,
                    told=("done" if done else "by people",),
                    text=phase.application,
                )
            )
        sign, _, style = PHASES[phase.state]
        found.append(
            Place(
                label=phase.name.upper(),
                sign=sign,
                style=style,
                done=phase.state == "applied",
                told=_told(phase),
                text=phase.when,
                phase=number,
            )
        )
    return tuple(found)


def _needs_deploy(phase: PhaseStanding) -> bool:
    gate = phase.gate
    return gate is not None and gate.people and not phase.application.startswith("need not")


def _told(phase: PhaseStanding) -> tuple[str, ...]:
    found = [PHASES[phase.state][1]]
    if phase.files:
        found.append(files_counted(phase))
    return tuple(found)


def _gate(phase: PhaseStanding, *, tight: bool) -> Content:
    """Say how the gate stands while it still matters."""
    if phase.gate is None or phase.written is not None:
        return Content("")
    sign, word, style = GATES[phase.gate.state]
    named = {
        "people": "ask people",
        "unknown": "not known",
        "forced": "forced",
    }.get(phase.gate.state, word if tight else f"gate {word}")
    return Content.styled(f"{sign} {named}", style)


def fits(plan: PlanStanding, width: int) -> bool:
    """Tell whether the line can go across in this many columns."""
    return bool(plan.phases) and width >= LEAST * len(places(plan))


def across(plan: PlanStanding, chosen: int, *, width: int, whole: bool = True) -> Content:
    """Return the line from left to right, with what is told of each place below it.

    ``whole`` also says when, where the places are wide enough for it.
    """
    found = places(plan)
    column = min(30, width // len(found))
    room = column - 2
    cells: list[list[Content]] = [[_label(one, chosen) for one in found]]
    cells.append(
        [_stretch(one, after, column) for one, after in zip(found, [*found[1:], None], strict=True)]
    )
    cells.append([Content.styled(one.told[0], one.style) for one in found])
    # Below the word: the files once they are written, and until then the gate.
    below = []
    for one in found:
        if one.phase is None or len(one.told) > 1:
            below.append(Content.styled("".join(one.told[1:]), MUTED))
        else:
            below.append(_gate(plan.phases[one.phase], tight=column < TIGHT))
    cells.append(below)
    if whole and column >= ROOMY:
        broken = [_broken(one.text, room) for one in found]
        for number in range(max(len(one) for one in broken)):
            cells.append(
                [Content.styled(one[number] if number < len(one) else "", MUTED) for one in broken]
            )
    return lines(_line(row, column) for row in cells)


def _label(place: Place, chosen: int) -> Content:
    if place.phase is None:
        return Content.styled(place.label, MUTED)
    style = "bold reverse" if place.phase == chosen else "bold"
    name = f" {place.label} " if place.phase == chosen else place.label
    link = Style.from_meta({"@click": f"screen.phase({place.phase})"})
    return Content.styled(name, style).stylize(link)


def _stretch(place: Place, after: Place | None, column: int) -> Content:
    sign = (place.sign, place.style)
    if after is None:
        return Content.assemble(sign)
    passed = place.done and (after.done or after.sign != "○")
    way = ("━", "$text-success") if passed else ("─", MUTED)
    return Content.assemble(sign, (way[0] * (column - 1), way[1]))


def _broken(text: str, width: int) -> list[str]:
    import textwrap

    found = textwrap.wrap(text, width, break_on_hyphens=False)
    return found if len(found) <= 3 else [*found[:2], found[2][: width - 2].rstrip() + " …"]


def _line(row: Sequence[Content], column: int) -> Content:
    found: list[Content] = []
    for one in row[:-1]:
        found += [one, Content(" " * max(0, column - one.cell_length))]
    return Content("").join([*found, row[-1]])


def down(plan: PlanStanding, chosen: int, *, width: int) -> tuple[Content, Content]:
    """Return the line from top to bottom: up to the chosen phase, and what follows it."""
    before: list[Content] = []
    after: list[Content] = []
    target = before
    for one in places(plan):
        phase = None if one.phase is None else plan.phases[one.phase]
        target.append(_row(one, phase, chosen, width))
        if one.phase == chosen:
            target = after
    return lines(before), lines(after)


def _row(place: Place, phase: PhaseStanding | None, chosen: int, width: int) -> Content:
    here = place.phase == chosen
    style = "bold reverse" if here else "bold" if phase is not None else MUTED
    label = Content.styled(f"{place.label:<10}", style)
    if phase is not None:
        label = label.stylize(Style.from_meta({"@click": f"screen.phase({place.phase})"}))
    first = Content.assemble((f"{place.sign} ", place.style), label, " ")
    if phase is None:
        return hang(first, place.text, width, style=MUTED)
    told = [Content.styled(place.told[0], place.style)]
    told += [Content.styled(one, MUTED) for one in place.told[1:]]
    gate = _gate(phase, tight=False)
    return Content.assemble(first, Content(" · ").join([*told, *([gate] if gate else [])]))
