"""Drop a column.

What it does
    Removes a column and what stands on it: its indexes, its constraints, its values.

Why it is dangerous
    The drop itself takes no time, but every running instance that still names the column fails from
    that moment on, and the values are gone. Indexes of several columns go with it silently, and
    with them the speed of other queries; so do unique constraints and foreign keys.

How migwiz does it
    Lets rows be written without the column first, if they could not be. Then the code stops reading
    and writing it, while it is still there. A release later each of its indexes is dropped without
    stopping anybody, its foreign keys one by one, and at last the column. The values can be kept in
    an archive table: then the downgrade brings the column back with all of them. Or the column can
    be renamed first, as a test that is undone in an instant, and dropped another release later.

Reference
    PostgreSQL manual, ALTER TABLE, DROP COLUMN; safety.md PG-6, MY-2, §1.1, §1.5, conclusion 15.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from wizard.model.answers import Value
from wizard.model.findings import warning
from wizard.model.inverse import change
from wizard.model.names import fit_name, slugify
from wizard.model.plan import Gate, Naive, Plan
from wizard.model.rollout import Rollout, SizeClass
from wizard.model.schema import Column, Schema, Table
from wizard.model.simulate import apply
from wizard.model.steps import DropColumn, RenameColumn
from wizard.operations import column_dropping as dropping
from wizard.operations.base import Context, Operation
from wizard.operations.blocks import ddl, row_key
from wizard.operations.column_findings import drop_findings
from wizard.operations.column_uses import refuse_needed
from wizard.operations.common import (
    choice,
    column_choices,
    read_column,
    read_table,
    require,
    table_question,
)
from wizard.operations.phases import Part, Refusal, additive, everywhere, phases
from wizard.operations.snippets import unmapped
from wizard.questions import Choice, Kind, Question, Situation

How = Literal["none", "table", "tombstone"]
HOWS: tuple[How, ...] = ("table", "tombstone", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the table."""

    table: Table
    column: Column
    archive: How


def usual_archive(table: Table, column: Column, rollout: Rollout) -> How:
    """Return what becomes of the values unless something else is asked for.

    Kept in an archive where rows have a key; a computed column has none to lose, an empty table
    neither.
    """
    if column.generated is not None or rollout.size is SizeClass.EMPTY:
        return "none"
    key = row_key(table)
    if key and column.name not in key:
        return "table"
    return "none" if rollout.direct else "tombstone"


def _archive_choices(situation: Situation) -> tuple[Choice, ...]:
    table, rollout = situation.table, situation.rollout
    key = row_key(table) if table is not None else ("id",)
    return (
        Choice(
            value="table",
            label="kept in an archive table",
            hint="lossless · copied in batches",
            disabled="" if key else "rows have no key by which to keep them",
        ),
        Choice(
            value="tombstone",
            label="renamed first, dropped a release later",
            hint="the rename is undone in an instant · values gone at the end",
            disabled="there is no release between in a maintenance window"
            if rollout.stopped
            else "",
        ),
        Choice(value="none", label="gone", hint="the downgrade brings the column back empty"),
    )


def _usual(situation: Situation) -> Value:
    table = situation.table
    column = None if table is None else table.column(str(situation.values.get("column") or ""))
    if table is None or column is None:
        return "table"
    return usual_archive(table, column, situation.rollout)


QUESTIONS = (
    table_question("Table", "The table that loses the column."),
    Question(
        key="column",
        kind=Kind.COLUMN,
        prompt="Column",
        help="The column to drop.",
        example="note",
        required=True,
        choices=column_choices,
    ),
    Question(
        key="archive",
        kind=Kind.CHOICE,
        prompt="Its values",
        help="An archive table keeps them, so that the way back loses nothing until you drop the "
        "archive yourself. A rename first shows who still needs the column, and is undone in an "
        "instant.",
        example="table",
        required=True,
        default=_usual,
        choices=_archive_choices,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or does not fit the table."""
    table = read_table(values, context)
    column = read_column(table, require(values, "column"))
    usual = usual_archive(table, column, context.rollout)
    archive = choice(values, "archive", HOWS, usual)
    return Request(table=table, column=column, archive=cast("How", archive))


def plan(request: Request, context: Context) -> Plan:
    """Return the plan: let rows do without it, let the code forget it, drop it."""
    table, column, rollout = request.table, request.column, context.rollout
    name = f"{table.name}.{column.name}"
    _refuse_bound(request, context)
    expand = dropping.loosened(context, table, column)
    forgets = everywhere(rollout, f"no longer names {name}")
    before = dropping.after(table, expand)
    parts = [
        Part(
            phase="expand",
            migrations=expand,
            when=additive(rollout, f"rows without {name}"),
            application=f"still writes {column.name}",
        )
    ]
    if request.archive == "tombstone":
        tomb = _tomb(table, column, context)
        rename = RenameColumn(table=table.name, old=column.name, new=tomb)
        parts.append(
            Part(
                phase="switch",
                migrations=(ddl(context, f"set {name} aside as {tomb}", change(rename)),),
                when="after the deploy that no longer names it",
                application=f"neither reads nor writes {column.name}",
                gate=Gate(text=forgets),
            )
        )
        before = _table_of(apply(Schema(tables=(before,)), rename), table)
        column = dropping.column_of(before, tomb)
        missed = f"a release has passed, and nothing has asked for {name}"
        gate = Gate(text=f"{missed}; {forgets}")
    else:
        column = dropping.column_of(before, column.name)
        gate = Gate(text=forgets)
    contract = dropping.dropped(context, before, column, archive=request.archive == "table")
    parts.append(
        Part(
            phase="contract",
            migrations=contract,
            when=f"a release later, when no running instance names {name}",
            application=f"neither reads nor writes {request.column.name}",
            gate=gate,
        )
    )
    naive = DropColumn(table=table.name, column=request.column)
    title = f"drop {name}"
    return Plan(
        title=title,
        slug=slugify(title, separator="-"),
        phases=phases(rollout, *parts),
        findings=drop_findings(
            context, table, request.column, archive=request.archive, loosened=bool(expand)
        ),
        snippets=unmapped(table.name, request.column, phase="contract"),
        naive=Naive(
            up=(naive,),
            lock=context.dialect.lock(naive, context.size(table)),
            effect=f"every running instance that names {column.name} fails, and the values are "
            "gone",
        ),
    )


def _tomb(table: Table, column: Column, context: Context) -> str:
    name, number = f"{column.name}_dropped", 2
    while table.column(name) is not None:
        name, number = f"{column.name}_dropped_{number}", number + 1
    return fit_name(name, limit=context.dialect.capabilities.name_bytes)


def _table_of(schema: Schema, table: Table) -> Table:
    found = schema.table(table.name)
    assert found is not None
    return found


def _refuse_bound(request: Request, context: Context) -> None:
    """Refuse a column without which something else would not work."""
    refuse_needed(request.table, request.column, context)
    name = f"{request.table.name}.{request.column.name}"
    if request.archive == "tombstone" and context.rollout.stopped:
        raise Refusal(
            warning(
                "tombstone-needs-release",
                f"{name} cannot wait under another name: in a maintenance window no release "
                "passes in which somebody could miss it.",
                safer="Keep its values with --archive table, or drop it with --archive none.",
            )
        )


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"drop {values.get('table', '…')}.{values.get('column', '…')}"


OPERATION = Operation(
    kind="drop_column",
    group="Column",
    label="Drop a column",
    verb="drop",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
