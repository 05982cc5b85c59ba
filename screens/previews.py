"""What the preview shows of each file, taken out of the session in one piece."""

from __future__ import annotations

from dataclasses import dataclass

from screens.state import relative
from wizard.model.plan import Reversibility
from wizard.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One file: both directions, what each locks, and how good the way back is."""

    path: str
    phase: str
    number: int
    action: str
    language: str
    content: str
    up: str
    down: str
    up_lock: str
    down_lock: str
    way_back: Reversibility | None


def read_previews(session: Session, framework: str | None) -> tuple[Preview, ...]:
    """Render all files of the plan, also for a framework that the project does not use."""
    plan = session.plan()
    migrations = {one.slug: one for one in plan.migrations}
    numbers = {phase.name: number for number, phase in enumerate(plan.phases, start=1)}
    found = []
    for edit in session.preview(plan, framework):
        migration = migrations.get(edit.slug)
        up, down = session.locks(migration) if migration else ("", "")
        found.append(
            Preview(
                path=relative(edit.path, session.root),
                phase=edit.phase,
                number=numbers.get(edit.phase, 0),
                action=edit.action,
                language=edit.language,
                content=edit.content,
                up=edit.up or edit.content,
                down=edit.down,
                up_lock=up,
                down_lock=down,
                way_back=migration.reversibility if migration else None,
            )
        )
    return tuple(found)
