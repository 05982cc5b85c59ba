"""Move a column to another table.

What it does
    Gives a column, with its values, to another table whose rows belong to those of the first one by
    a foreign key: the address of a customer goes to the table of addresses.

Why it is dangerous
    In one step it breaks every running instance that still says the old place, and it writes every
    row of the other table at once. Values whose row has no partner over there are lost without a
    word, and where a row has several partners nobody says whose value is right.

How migwiz does it
    Stops first if a value would have no place. Then it adds the column to the other table, and the
    code writes both places for a while: no trigger does that here, since two tables that follow each
    other are beyond MySQL and MariaDB. Old rows are filled in batches when all instances write both.
    A query compares every row before the new place is read; the column becomes required there,
    where it was, without stopping anybody; and the old one goes when no code names it. Its
    downgrade makes it again and copies every value back. A row over there may have one row here at
    most; anything else is refused.

Reference
    safety.md PG-10, §2.2, conclusion 12. MySQL manual, CREATE TRIGGER: a trigger cannot change the
    table whose statement fired it.
"""

from __future__ import annotations

from collections.abc import Mapping

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.findings import danger
from wizard.model.plan import Plan
from wizard.model.schema import ForeignKey, Table
from wizard.operations.base import Context, Operation
from wizard.operations.common import (
    column_choices,
    read_column,
    read_table,
    require,
    table_choice,
    table_question,
    text,
)
from wizard.operations.moves import Move
from wizard.operations.moving import moved
from wizard.operations.phases import Refusal
from wizard.questions import Choice, Kind, Question, Situation


def _other_tables(situation: Situation) -> tuple[Choice, ...]:
    own = None if situation.table is None else situation.table.name
    return tuple(
        table_choice(one) for one in situation.tables if one.kind == "table" and one.name != own
    )


QUESTIONS = (
    table_question("Table", "The table that holds the column."),
    Question(
        key="column",
        kind=Kind.COLUMN,
        prompt="Column",
        help="The column to move.",
        example="email",
        required=True,
        choices=column_choices,
    ),
    Question(
        key="to_table",
        kind=Kind.TABLE,
        prompt="To table",
        help="The table that gets the column. A foreign key has to lead from one table to the other.",
        example="orders",
        required=True,
        choices=_other_tables,
    ),
    Question(
        key="to",
        kind=Kind.NAME,
        prompt="Its name there",
        help="The column's name in the other table. Left empty, the same.",
        example="contact",
    ),
    Question(
        key="key",
        kind=Kind.TEXT,
        prompt="Foreign key",
        help="The foreign key by which rows belong together, by its name or its columns. Needed "
        "where there are several.",
        example="orders_customer_id_fkey",
        advanced=True,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Move:
    """Return the request; raises AnswerError for what is missing or does not fit the tables."""
    source = read_table(values, context)
    column = read_column(source, require(values, "column"))
    target = read_table(values, context, "to_table")
    if target.name == source.name:
        raise AnswerError(
            "bad-answer",
            f"{source.name} holds the column already",
            next_actions=("for another name see migwiz rename-column",),
            flag="--to-table",
        )
    new = context.dialect.check_name(text(values, "to") or column.name, flag="--to")
    if target.column(new) is not None:
        raise AnswerError(
            "column-exists",
            f"{target.name} has a column {new} already",
            next_actions=("choose another name with --to",),
            flag="--to",
        )
    ways = [
        *(
            Move(
                source=source,
                column=column,
                target=target,
                new=new,
                key=key,
                own=key.ref_columns,
                other=key.columns,
            )
            for key in target.foreign_keys
            if key.ref_table == source.name
        ),
        *(
            Move(
                source=source,
                column=column,
                target=target,
                new=new,
                key=key,
                own=key.columns,
                other=key.ref_columns,
            )
            for key in source.foreign_keys
            if key.ref_table == target.name
        ),
    ]
    return _chosen(ways, source, target, text(values, "key"))


def _chosen(ways: list[Move], source: Table, target: Table, key: str | None) -> Move:
    """Return the way along the foreign key that was named, or along the only one that serves."""
    if not ways:
        raise Refusal(
            danger(
                "not-related",
                f"No foreign key leads from {target.name} to {source.name}, or back.",
                why="It says which rows belong together.",
                safer=f"Add it first (migwiz add-foreign-key --table {target.name} --ref-table "
                f"{source.name}); where the server has none, add the column and fill it by a join "
                "(migwiz backfill).",
            )
        )
    if key is not None:
        ways = [one for one in ways if key in (one.key.name, ", ".join(one.key.columns))]
    elif any(one.one_source for one in ways):
        ways = [one for one in ways if one.one_source]
    else:
        ways = ways[:1]
    if len(ways) != 1:
        raise AnswerError(
            "bad-answer",
            f"{'several foreign keys lead' if ways else f'no foreign key {key} leads'} from one "
            "table to the other",
            next_actions=(
                "say which with --key: " + " or ".join(_named(one.key) for one in ways)
                if ways
                else "leave --key out to see which there are",
            ),
            flag="--key",
        )
    return ways[0]


def _named(key: ForeignKey) -> str:
    return key.name or ", ".join(key.columns)


def plan(request: Move, context: Context) -> Plan:
    """Return the plan."""
    return moved(request, context)


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return (
        f"move {values.get('table', '…')}.{values.get('column', '…')} to "
        f"{values.get('to_table', '…')}"
    )


OPERATION = Operation(
    kind="move_column",
    group="Column",
    label="Move a column to another table",
    verb="move",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
