"""Views that read a column which is to be called otherwise: they go on showing its old name.

While both columns exist and hold the same, a view is given the new one to read, in place: what
reads the view, and who may, stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from wizard.dialects.base import Dialect
from wizard.dialects.views import with_column_renamed
from wizard.model.findings import Finding, info
from wizard.model.inverse import change
from wizard.model.plan import Change, Migration
from wizard.model.schema import Dependent, Table
from wizard.model.steps import CreateDependent, DropDependent, ReplaceView
from wizard.operations.base import Context
from wizard.operations.blocks import ddl
from wizard.operations.dependents import standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A view as it is, and as it reads the column under its new name."""

    before: Dependent
    after: Dependent


def obstacles(table: Table, column: str, dialect: Dialect) -> tuple[Dependent, ...]:
    """Return what names the column and cannot be led to another one."""
    return tuple(
        one
        for one in standing(table, (column,))
        if one.kind not in ("view", "materialized view")
        or not _leadable(table, one, column, dialect)
    )


def _leadable(table: Table, view: Dependent, column: str, dialect: Dialect) -> bool:
    led = _led(table, view, column, f"{column}_", dialect) if view.definition else None
    if led is None:
        return False
    if led == view.definition[0]:
        # It reads another view, which goes on showing the old name.
        return True
    return view.kind == "view" and _changeable(table, view, dialect)


def _led(table: Table, view: Dependent, old: str, new: str, dialect: Dialect) -> str | None:
    """Return the view's first statement with another column; its rules may name it, too."""
    if any(re.search(rf"(?<!\w){re.escape(old)}(?!\w)", each) for each in _rules(view)):
        return None
    return with_column_renamed(
        view.definition[0], table.name, old, dialect.quote(new), dialect.name
    )


def _rules(view: Dependent) -> tuple[str, ...]:
    return tuple(each for each in view.definition[1:] if each.startswith("CREATE RULE "))


def _changeable(table: Table, view: Dependent, dialect: Dialect) -> bool:
    step = ReplaceView(table=table.name, before=view, after=view)
    again = DropDependent(table=table.name, dependent=view)
    return dialect.supports(step) is None or dialect.supports(again) is None


def carried(context: Context, table: Table, old: str, new: str) -> tuple[Carried, ...]:
    """Return the views whose own query names the column, with the one that names the new one."""
    found = []
    for one in standing(table, (old,)):
        if one.kind != "view" or not one.definition:
            continue
        led = _led(table, one, old, new, context.dialect)
        if led is None or led == one.definition[0]:
            continue
        columns = tuple(new if each == old else each for each in one.columns)
        after = replace(one, columns=columns, definition=(led, *one.definition[1:]))
        found.append(Carried(before=one, after=after))
    return tuple(found)


def lead(context: Context, table: Table, old: str, new: str) -> tuple[Migration, ...]:
    """Return the migrations that let the views read the new column, each alone in its file."""
    return tuple(
        ddl(context, f"read {new} in {one.before.name}", *_changes(context, table, one))
        for one in carried(context, table, old, new)
    )


def _changes(context: Context, table: Table, one: Carried) -> tuple[Change, ...]:
    step = ReplaceView(table=table.name, before=one.before, after=one.after)
    if context.dialect.supports(step) is None:
        return (change(step),)
    return (
        change(DropDependent(table=table.name, dependent=one.before)),
        change(CreateDependent(table=table.name, dependent=one.after)),
    )


def findings(context: Context, table: Table, old: str, new: str) -> tuple[Finding, ...]:
    """Say which views change, and what they go on showing."""
    names = [one.before.name for one in carried(context, table, old, new)]
    if not names:
        return ()
    several = len(names) > 1
    return (
        info(
            "views-carried",
            f"{', '.join(names)} {'read' if several else 'reads'} {new} in the end and "
            f"{'show' if several else 'shows'} it as {old}, as before.",
            why="Whoever reads a view knows it by the view's own names. The files hold its query as "
            "it is in this database.",
            safer=f"Rename the view's column on its own when nobody says {old} any more.",
        ),
    )
