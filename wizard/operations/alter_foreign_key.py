"""Change what a foreign key does.

What it does
    Replaces a foreign key by one of the same name that does something else when the row it points to
    is deleted or gets another key, or that is checked at another moment.

Why it is dangerous
    There is no ALTER for it. Dropping and adding the key in one step looks every row up while
    nobody can read or write either table, and leaves both without the key when the second half
    fails.

How migwiz does it
    Adds the new key beside the old one under another name, without a look at the old rows; proves
    it while reads and writes go on; then drops the old one and gives the new one its name, in one
    short transaction with both tables locked in one order. At no moment is there no key. Where
    constraints cannot be renamed, the new one keeps its other name, which is said beforehand. The
    way back does the same with the earlier one.

Reference
    PostgreSQL manual, ALTER TABLE, ADD table_constraint NOT VALID; safety.md PG-9.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.findings import Finding, danger, info, warning
from wizard.model.names import slugify
from wizard.model.plan import Naive, Plan
from wizard.model.schema import Action, ForeignKey
from wizard.model.spreading import own_constraint
from wizard.model.steps import AddForeignKey, DropConstraint
from wizard.operations.base import Context, Operation
from wizard.operations.blocks import rebuild_finding
from wizard.operations.common import choice, flag_value, read_table, require, table_question
from wizard.operations.exchange import (
    Exchange,
    at_once,
    exchanged,
    in_place,
    looks,
    refuse_impossible,
    renamed_finding,
)
from wizard.operations.needs import parent_of
from wizard.operations.partition_keys import key_by_parts
from wizard.operations.phases import Part, Refusal, phases
from wizard.questions import Choice, Kind, Question, Situation

_ACTIONS: tuple[Action, ...] = ("no action", "restrict", "cascade", "set null", "set default")
_HINTS = {
    "no action": "the delete fails while rows point there",
    "restrict": "not even deferred to the commit",
    "cascade": "deletes travel on",
    "set null": "the rows stay without a target",
    "set default": "the rows point to the default's row",
}


def _key_choices(situation: Situation) -> tuple[Choice, ...]:
    if situation.table is None:
        return ()
    return tuple(
        Choice(
            value=one.name,
            label=one.name,
            hint=f"({', '.join(one.columns)}) → {one.ref_table} · on delete {one.on_delete}",
        )
        for one in situation.table.foreign_keys
        if one.name
    )


def _action_choices(_: Situation) -> tuple[Choice, ...]:
    return tuple(Choice(value=one, label=one, hint=_HINTS[one]) for one in _ACTIONS)


QUESTIONS = (
    table_question("Table", "The table whose foreign key changes."),
    Question(
        key="name",
        kind=Kind.CHOICE,
        prompt="Foreign key",
        help="The key that does something else from now on. It keeps its name.",
        example="orders_customer_id_fkey",
        required=True,
        choices=_key_choices,
    ),
    Question(
        key="on_delete",
        kind=Kind.CHOICE,
        prompt="When the target is deleted",
        help="What happens to these rows when the row they point to is deleted. Left empty, it "
        "stays as it is.",
        example="cascade",
        choices=_action_choices,
    ),
    Question(
        key="on_update",
        kind=Kind.CHOICE,
        prompt="When the target's key changes",
        help="What happens to these rows when the key they point to changes. Left empty, it stays "
        "as it is.",
        example="cascade",
        advanced=True,
        choices=_action_choices,
    ),
    Question(
        key="deferrable",
        kind=Kind.BOOLEAN,
        prompt="Deferrable",
        help="Let a transaction check the key only when it commits. Left empty, it stays as it is.",
        example="true",
        advanced=True,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Exchange:
    """Return the request; raises AnswerError for what is missing or does not fit the table."""
    table, name = read_table(values, context), require(values, "name")
    old = table.constraint(name)
    if not isinstance(old, ForeignKey):
        known = [one.name for one in table.foreign_keys if one.name]
        raise AnswerError(
            "unknown-constraint",
            f"{table.name} has no foreign key {name}",
            next_actions=(
                f"its foreign keys are {', '.join(known)}" if known else "it has none with a name",
            ),
            flag="--name",
        )
    on_delete = cast("Action", choice(values, "on_delete", _ACTIONS, old.on_delete))
    loose = [one for one in table.columns if one.name in old.columns and not one.nullable]
    if on_delete == "set null" and on_delete != old.on_delete and loose:
        raise AnswerError(
            "not-nullable",
            f"{loose[0].name} cannot be NULL, so that it cannot be cleared",
            next_actions=("choose another action, or run migwiz drop-not-null first",),
            flag="--on-delete",
        )
    deferrable = flag_value(values, "deferrable", default=old.deferrable)
    new = replace(
        old,
        on_delete=on_delete,
        on_update=cast("Action", choice(values, "on_update", _ACTIONS, old.on_update)),
        deferrable=deferrable,
        initially_deferred=old.initially_deferred and deferrable,
        validated=True,
    )
    return Exchange(table=table, old=old, new=new)


def plan(request: Exchange, context: Context) -> Plan:
    """Return the plan: the new key beside the old one, proven, then in its place."""
    table, old, new = request.table, request.old, request.new
    assert isinstance(old, ForeignKey)
    assert isinstance(new, ForeignKey)
    _refuse(request, context, old, new)
    adding, proving = exchanged(request, context)
    naive = (
        DropConstraint(table=table.name, constraint=old),
        AddForeignKey(table=table.name, constraint=new),
    )
    told = _changes(old, new)
    return Plan(
        title=request.title,
        slug=slugify(request.title, separator="-"),
        phases=phases(
            context.rollout,
            Part(
                phase="expand",
                migrations=(*adding, *proving),
                when=f"before the deploy of the code that counts on {told}",
                application=f"must not count on what changes: {told}",
            ),
        ),
        findings=_findings(request, context, old, new),
        preflights=looks(request, context),
        naive=Naive(
            up=naive,
            lock=context.dialect.lock(naive[0], context.size(table)),
            effect=f"nobody can read or write {table.name} and {new.ref_table} while every row is "
            "looked up",
        ),
    )


def _changes(old: ForeignKey, new: ForeignKey) -> str:
    """Say what is different, in the words of SQL."""
    found = []
    if old.on_delete != new.on_delete:
        found.append(f"ON DELETE {new.on_delete.upper()}")
    if old.on_update != new.on_update:
        found.append(f"ON UPDATE {new.on_update.upper()}")
    if old.deferrable != new.deferrable:
        found.append("DEFERRABLE" if new.deferrable else "NOT DEFERRABLE")
    return ", ".join(found)


def _refuse(request: Exchange, context: Context, old: ForeignKey, new: ForeignKey) -> None:
    table = request.table
    if not _changes(old, new):
        raise Refusal(
            info(
                "key-exists",
                f"{old.name} of {table.name} does just that already"
                + ("." if old.validated else ", but it is not validated yet."),
                safer="Nothing to do."
                if old.validated
                else f"migwiz validate-constraint --table {table.name} --name {old.name}",
            )
        )
    parent = parent_of(context, table)
    whole = None if parent is None else own_constraint(parent, old)
    if parent is not None and whole is not None:
        raise Refusal(
            danger(
                "inherited-rule",
                f"{table.name} has {old.name} from {parent.name}, of which it is a partition.",
                why="What belongs to a parent's key does not change alone.",
                safer=f"Change it in {parent.name}: its partitions follow.",
            )
        )
    refuse_impossible(request, context)
    if key_by_parts(context, table):
        raise Refusal(
            danger(
                "partitioned-key-change",
                f"{table.name} is partitioned, and {context.dialect.label} adds no unproven key to "
                "it, so that the new one cannot stand beside the old one.",
                why="Every row would be looked up while writes to all partitions wait.",
                safer=f"Drop the key (migwiz drop-constraint --table {table.name} --name {old.name}) "
                "and add it anew (migwiz add-foreign-key): both deal with each partition on its own.",
                reference="PostgreSQL 18 release notes, ALTER TABLE",
            )
        )


def _findings(
    request: Exchange, context: Context, old: ForeignKey, new: ForeignKey
) -> tuple[Finding, ...]:
    table = request.table
    found: list[Finding] = [*renamed_finding(request, context)]
    if in_place(request, context) and not at_once(context):
        found.append(
            warning(
                "both-keys-hold",
                f"From the first file to the last, {table.name} has two keys to {new.ref_table}: "
                f"deletes there may still do what the earlier {old.name} says, or already what the "
                "new one does.",
                why="There is no moment without a key, hence one with both.",
                safer="Run the files one after the other, with no deletes that depend on it between.",
            )
        )
    if new.on_delete == "cascade" != old.on_delete:
        found.append(
            info(
                "cascade",
                f"Deleting one row of {new.ref_table} deletes all rows of {table.name} that point "
                "to it, in the same transaction.",
                why="Many rows mean a long transaction that holds their locks.",
            )
        )
    if old.on_delete in ("cascade", "set null", "set default") and old.on_delete != new.on_delete:
        found.append(
            warning(
                "cascade-ends",
                f"Deleting a row of {old.ref_table} no longer changes the rows of {table.name} that "
                f"point to it (ON DELETE {old.on_delete.upper()}).",
                why="The foreign key is what does it.",
                safer="Deploy the code that does it itself first.",
            )
        )
    if not in_place(request, context):
        found.append(rebuild_finding(context, table))
    return tuple(found)


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"change the key {values.get('name', '…')} of {values.get('table', '…')}"


OPERATION = Operation(
    kind="alter_foreign_key",
    group="Constraint",
    label="Change a foreign key",
    verb="change",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
