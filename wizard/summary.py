"""What is printed when files were written: exactly what to do next."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from wizard.session import Session, Written


def exit_summary(session: Session, written: Written) -> str:
    """Return the lines for the scrollback: first, next, code, later, undo, and the same again."""
    kept = written.journal
    names = [phase.name for phase in kept.phases]
    phase = next(one for one in kept.phases if one.name == written.phase)
    place = f"{written.phase}, {names.index(written.phase) + 1} of {len(names)}"
    count = len(written.paths)
    rows = [("note", one) for one in written.notes]
    if phase.gate is not None:
        rows.append(("first", f"make sure that {phase.gate.text}"))
    rows += _next(session, written, phase.when)
    rows += [("also", f"look at {one.path}: {one.why}") for one in written.todos]
    rows.append(("code", phase.application))
    following = kept.next_phase
    if following is not None:
        gate = f"      when {following.gate.text}" if following.gate else ""
        rows.append(("later", f"migwiz next {kept.slug}{gate}"))
    rows.append(("undo", f"{written.commands.revert}      {kept.way_back}"))
    if written.edits and written.edits[0].phase == names[0] and kept.takes_back is None:
        extra = ("--all-phases",) if len({one.phase for one in written.edits}) > 1 else ()
        rows.append(("again", session.command(extra=extra)))
    lines = [f"wrote {count} file{'' if count == 1 else 's'} ({place})"]
    lines += [f"  + {session.relative(path)}" for path in written.paths]
    return "\n".join([*lines, *(f"  {label:<7} {text}" for label, text in rows)]) + "\n"


def _next(session: Session, written: Written, when: str) -> Iterator[tuple[str, str]]:
    """Yield how to apply the files, and where a tool takes the place of some."""
    if not any(one.handover or one.before for one in written.stages):
        yield "next", f"{written.commands.apply}      {when}"
        return
    label = "next"
    for stage in written.stages:
        handover = stage.handover
        if stage.before:
            yield label, f"{stage.before}      and wait until it is done"
            label = "then"
        if handover is None or handover.best is None:
            yield label, f"{stage.command}      {when}"
        else:
            tool, title = handover.best.label, handover.title
            yield label, f"let {tool} {title}; its command lines: {session.command(verb='plan')}"
            mark = stage.command or f"mark “{title}” as applied"
            yield "mark", f"{mark}      when {tool} is done, in place of running the file"
        label = "then"


def tell_written(session: Session, written: Written) -> None:
    """Say what was written: paths to stdout where a program reads it, the rest to stderr."""
    if not sys.stdout.isatty():
        for path in written.paths:
            sys.stdout.write(f"{session.relative(path)}\n")
    sys.stderr.write(exit_summary(session, written))
