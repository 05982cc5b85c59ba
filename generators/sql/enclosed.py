"""Runners that put every file into a transaction, with no way to opt out: two files instead of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from generators.sql.forward import out_of_band
from generators.sql.layout import Direction, Draft, Section, Written


def enclosed(
    draft: Draft, *, runner: str, mark: str, sides: Sequence[Direction] = ("up",)
) -> tuple[Draft, tuple[Written, ...]]:
    """Return the draft as the runner may have it, and the files for a person to run before it.

    ``sides`` are the directions which the runner knows; ``mark`` is as in `out_of_band`.
    """
    files: list[Written] = []
    for side in sides:
        section = draft.up if side == "up" else draft.down
        if section.transactional or not draft.dialect.capabilities.transactional_ddl:
            continue
        stem = f"{draft.version}_{draft.slug}"
        if side == "up":
            file, inside = out_of_band(draft, f"{stem}.sql", runner=runner, mark=mark)
            draft = replace(draft, up=Section(statements=inside))
        else:
            turned = replace(draft, up=section, repairs={"up": draft.repairs.get("down", "")})
            file, inside = out_of_band(turned, f"{stem}.down.sql", runner=runner, mark=mark)
            file = replace(file, up="", down=file.up)
            draft = replace(draft, down=Section(statements=inside))
        files.append(file)
    return draft, tuple(files)
