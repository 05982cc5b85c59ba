"""Add an exclusion constraint.

What it does
    Refuses two rows of which each pair of values compares true, such as two bookings of one room
    whose times overlap.

Why it is dangerous
    Its index is built while nobody can read or write the table, and there is no gentler way: an
    exclusion can be added neither unproven, nor from an index that was built beforehand. It fails
    at the first two rows that exclude each other.

How migwiz does it
    In one step, under the lock budget, for a small table or in a maintenance window. For a large
    table that is in use it refuses, and names what is left: a new table with the constraint, into
    which the rows are copied, or a trigger, which two transactions at the same moment get past.

Reference
    PostgreSQL manual, CREATE TABLE, EXCLUDE; safety.md PG-16.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from wizard.dialects.lexing import Unreadable, tokens
from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.findings import Finding, danger, info, warning
from wizard.model.inverse import change
from wizard.model.names import fit_name, slugify
from wizard.model.plan import Gate, Naive, Plan
from wizard.model.schema import Exclusion, Table
from wizard.model.steps import AddExclusion
from wizard.operations.base import Context, Operation
from wizard.operations.blocks import ddl
from wizard.operations.common import (
    choice,
    expression_check,
    read_names,
    read_table,
    require,
    table_question,
    text,
)
from wizard.operations.phases import Part, Refusal, everywhere, phases
from wizard.questions import Choice, Kind, Question, Situation

#: An operator as the server's lexer takes it, qualified by its schema or not.
_OPERATOR = re.compile(
    r"[-+*/<>=~!@#%^&|`?]{1,63}|OPERATOR\(\s*\w+\s*\.\s*[-+*/<>=~!@#%^&|`?]+\s*\)"
)
_METHODS = ("gist", "spgist", "btree", "hash")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the table."""

    table: Table
    exclusion: Exclusion
    #: Whether plain values are compared in an index that knows ranges and shapes only by itself.
    mixed: bool


def _methods(situation: Situation) -> tuple[Choice, ...]:
    if situation.dialect is None:
        return ()
    known = situation.dialect.capabilities.index_methods
    return tuple(Choice(value=one, label=one) for one in _METHODS if one in known)


QUESTIONS = (
    table_question("Table", "The table whose rows must not exclude each other."),
    Question(
        key="elements",
        kind=Kind.TEXT,
        prompt="What must not meet",
        help="Columns or expressions, each with the operator by which two rows are compared, "
        "separated by commas. Two rows are refused when all of them hold.",
        example="room WITH =, during WITH &&",
        required=True,
    ),
    Question(
        key="method",
        kind=Kind.CHOICE,
        prompt="Method",
        help="The kind of index. gist compares ranges and shapes.",
        example="gist",
        advanced=True,
        default=lambda _: "gist",
        choices=_methods,
    ),
    Question(
        key="where",
        kind=Kind.EXPRESSION,
        prompt="Only rows where",
        help="Rows for which this does not hold are not compared.",
        example="cancelled_at IS NULL",
        check=expression_check,
    ),
    Question(
        key="name",
        kind=Kind.NAME,
        prompt="Name",
        help="The constraint's name. Left empty, it is made of the table's and the columns' names.",
        example="bookings_room_during_excl",
        advanced=True,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or does not fit the table."""
    table, dialect = read_table(values, context), context.dialect
    reason = dialect.supports(AddExclusion)
    if reason is not None:
        raise Refusal(
            danger(
                "unsupported",
                reason,
                safer="Check it in the application, under a lock on what the rows share.",
            )
        )
    method = choice(values, "method", _METHODS, "gist")
    pairs = tuple(_element(table, one, context) for one in _parts(values, context))
    where = text(values, "where")
    if where is not None:
        where = dialect.check_expression(where, flag="--where")
    used = {name for expression, _ in pairs for name in dialect.columns_in(expression)}
    columns = tuple(one.name for one in table.columns if one.name in used)
    limit = dialect.capabilities.name_bytes
    name = text(values, "name") or fit_name(
        f"{table.name.name}_{'_'.join(columns)}_excl", limit=limit
    )
    if table.constraint(name) is not None or table.index(name) is not None:
        raise AnswerError(
            "name-taken",
            f"{table.name} has a constraint or an index {name} already",
            next_actions=("choose another name with --name",),
            flag="--name",
        )
    listed = ", ".join(f"{expression} WITH {operator}" for expression, operator in pairs)
    tail = f" WHERE ({where})" if where is not None else ""
    return Request(
        table=table,
        exclusion=Exclusion(
            name=dialect.check_name(name, flag="--name"),
            definition=f"EXCLUDE USING {method} ({listed}){tail}",
            columns=columns,
        ),
        mixed=method == "gist" and any(operator == "=" for _, operator in pairs),
    )


def _parts(values: Mapping[str, Value], context: Context) -> tuple[str, ...]:
    """Return the elements, given as a list or as a text with commas between them."""
    if isinstance(values.get("elements"), tuple):
        return read_names(values, "elements")
    whole = require(values, "elements")
    try:
        found = tokens(whole, context.dialect.name)
    except Unreadable as error:
        raise _bad(whole, str(error)) from None
    commas = [one.start for one in found if one.text == "," and one.depth == 0]
    edges = pairwise([-1, *commas, len(whole)])
    pieces = (whole[start + 1 : end].strip() for start, end in edges)
    return tuple(one for one in pieces if one)


def _element(table: Table, element: str, context: Context) -> tuple[str, str]:
    """Return the expression, as it stands in SQL, and the operator of one element."""
    try:
        found = tokens(element, context.dialect.name)
    except Unreadable as error:
        raise _bad(element, str(error)) from None
    at = next((one for one in reversed(found) if one.upper == "WITH" and one.depth == 0), None)
    if at is None:
        raise _bad(element, "WITH and an operator are missing")
    expression, operator = element[: at.start].strip(), element[at.end :].strip()
    if not _OPERATOR.fullmatch(operator) or "--" in operator or "/*" in operator:
        raise _bad(element, f"{operator or 'nothing'} is no operator")
    if table.column(expression) is not None:
        return context.dialect.quote(expression), operator
    checked = context.dialect.check_expression(expression, flag="--elements")
    unknown = [one for one in context.dialect.columns_in(checked) if table.column(one) is None]
    if unknown:
        raise AnswerError(
            "unknown-column",
            f"{table.name} has no column {unknown[0]}",
            flag="--elements",
        )
    return f"({checked})", operator


def _bad(element: str, why: str) -> AnswerError:
    return AnswerError(
        "bad-answer",
        f"{element!r} is not a column or an expression with an operator",
        why=why,
        next_actions=("write it as room WITH =, during WITH &&",),
        flag="--elements",
    )


def plan(request: Request, context: Context) -> Plan:
    """Return the plan: one step where everybody can wait, else what to do instead."""
    table, exclusion, rollout = request.table, request.exclusion, context.rollout
    step = AddExclusion(table=table.name, constraint=exclusion)
    lock = context.dialect.lock(step, context.size(table))
    if table.kind == "partitioned":
        raise Refusal(_partitioned(table))
    if not rollout.direct:
        raise Refusal(_blocking(request))
    title = f"add {exclusion.name} to {table.name}"
    apart = f"writes no two rows into {table.name} that {exclusion.name} excludes"
    return Plan(
        title=title,
        slug=slugify(title, separator="-"),
        phases=phases(
            rollout,
            Part(
                phase="expand",
                migrations=(ddl(context, title, change(step)),),
                when="after the deploy whose code writes no such rows",
                application=apart,
                gate=Gate(text=everywhere(rollout, apart)),
            ),
        ),
        findings=_findings(request, context),
        naive=Naive(
            up=(step,),
            lock=lock,
            effect=f"nobody can read or write {table.name} until the index is built, "
            "and it fails at the first two rows that exclude each other",
        ),
    )


def _blocking(request: Request) -> Finding:
    table, exclusion = request.table, request.exclusion
    return danger(
        "exclusion-blocks",
        f"Adding {exclusion.name} stops every read and write of {table.name} until its index is "
        "built.",
        why="An exclusion can be added neither unproven nor from a finished index: there is no "
        "online way.",
        safer=f"Plan it for a maintenance window (--deployment maintenance). Or create a new table "
        f"with the constraint, copy the rows of {table.name} in batches and swap both by a rename. "
        "A trigger that looks for such rows is no replacement: two transactions that insert at the "
        "same moment do not see each other's row, unless both first lock what the rows share "
        "(SELECT … FOR UPDATE of the room).",
        reference="PostgreSQL manual, CREATE TABLE, EXCLUDE",
    )


def _findings(request: Request, context: Context) -> tuple[Finding, ...]:
    exclusion = request.exclusion
    found: list[Finding] = []
    if not context.rollout.stopped:
        found.append(
            warning(
                "exclusion-and-old-code",
                f"Code that writes a row which {exclusion.name} excludes fails from then on, old "
                "code too.",
                why="The rule is enforced for everybody.",
                safer="Deploy the code that handles the error first; the gate says so.",
            )
        )
    if request.mixed:
        found.append(
            info(
                "needs-btree-gist",
                f"{exclusion.name} compares plain values in a gist index, for which the extension "
                "btree_gist must be there.",
                why="Without it the server knows no such operator class, and the step fails.",
                safer="CREATE EXTENSION btree_gist, once for each database.",
                reference="PostgreSQL manual, btree_gist",
            )
        )
    return tuple(found)


def _partitioned(table: Table) -> Finding:
    return danger(
        "exclusion-per-partition",
        f"{table.name} is partitioned: an exclusion of the whole would compare the rows within each "
        "partition only.",
        why="Each partition has an index of its own.",
        safer="Add it to each partition (each is a table of its own), where that is what you mean.",
        reference="PostgreSQL 17 release notes, partitioned tables",
    )


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"exclusion on {values.get('table', '…')}"


OPERATION = Operation(
    kind="add_exclusion",
    group="Constraint",
    label="Add an exclusion constraint",
    verb="exclusion",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
