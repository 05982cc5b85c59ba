"""What is printed when files were written: exactly what to do next."""

from __future__ import annotations

from wizard.model.plan import Grade
from wizard.session import Session, Written


def exit_summary(session: Session, written: Written) -> str:
    """Return the lines for the scrollback: next, then, later, undo, and the same again."""
    kept = written.journal
    names = [phase.name for phase in kept.phases]
    place = f"{written.phase}, {names.index(written.phase) + 1} of {len(names)}"
    count = len(written.paths)
    lines = [f"wrote {count} file{'' if count == 1 else 's'} ({place})"]
    lines += [f"  + {path.relative_to(session.root)}" for path in _inside(session, written)]
    rows = [("next", written.commands.apply)]
    phase = next(one for one in kept.phases if one.name == written.phase)
    rows.append(("then", f"the application {phase.application}"))
    if kept.next_phase is not None:
        rows.append(("later", f"migwiz next {kept.slug}"))
    rows.append(("undo", f"{written.commands.revert}      {kept.way_back or Grade.LOSSLESS}"))
    rows.append(("again", session.command()))
    return "\n".join([*lines, *(f"  {label:<7} {text}" for label, text in rows)])


def _inside(session: Session, written: Written) -> list[object]:
    return [path for path in written.paths if path.is_relative_to(session.root)]
