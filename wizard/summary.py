"""What is printed when files were written: exactly what to do next."""

from __future__ import annotations

from wizard.session import Session, Written


def exit_summary(session: Session, written: Written) -> str:
    """Return the lines for the scrollback: next, then, later, undo, and the same again."""
    kept = written.journal
    names = [phase.name for phase in kept.phases]
    phase = next(one for one in kept.phases if one.name == written.phase)
    place = f"{written.phase}, {names.index(written.phase) + 1} of {len(names)}"
    count = len(written.paths)
    rows = [("next", written.commands.apply), ("then", f"the application: {phase.application}")]
    following = kept.next_phase
    if following is not None:
        gate = f"      when {following.gate.text}" if following.gate else ""
        rows.append(("later", f"migwiz next {kept.slug}{gate}"))
    rows.append(("undo", f"{written.commands.revert}      {kept.way_back}"))
    if written.edits and written.edits[0].phase == names[0]:
        rows.append(("again", session.command()))
    lines = [f"wrote {count} file{'' if count == 1 else 's'} ({place})"]
    lines += [f"  + {session.relative(path)}" for path in written.paths]
    return "\n".join([*lines, *(f"  {label:<7} {text}" for label, text in rows)]) + "\n"
