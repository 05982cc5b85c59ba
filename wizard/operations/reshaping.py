"""The plan that puts new columns in the place of others while old and new code run.

New columns beside the old ones, a trigger between them, a fill, NOT NULL by the safe route; the old
columns go a release later, when a query shows that nothing of them is lost.
"""

from __future__ import annotations

from wizard.model.findings import danger
from wizard.model.inverse import change
from wizard.model.names import slugify
from wizard.model.plan import LOSSLESS, Gate, Migration, Naive, Plan, Preflight
from wizard.model.steps import (
    AddColumn,
    CreateSync,
    DropColumn,
    DropSync,
    Require,
)
from wizard.operations import column_dropping as dropping
from wizard.operations.base import Context
from wizard.operations.blocks import ddl, require_value
from wizard.operations.column_sets import (
    Reshape,
    changed_on_return,
    fill,
    listed,
    losing,
    misfitting,
    missing,
    refill,
    rewrite,
    sync_of,
    verb,
)
from wizard.operations.column_uses import refuse_inherited, refuse_used
from wizard.operations.phases import Part, Refusal, additive, everywhere, phases
from wizard.operations.rename_obstacles import sync_obstacles
from wizard.operations.replaced_columns import dropped, unbound
from wizard.operations.reshape_findings import reshape_findings
from wizard.operations.set_snippets import other_columns


def reshaped(reshape: Reshape, context: Context, *, title: str, slug: str) -> Plan:
    """Return the plan; raises Refusal for columns that cannot be kept in two forms."""
    _refuse_unsynced(reshape, context)
    table, rollout = reshape.table, context.rollout
    olds, news = listed(reshape.olds), listed(reshape.news)
    says, say = (verb(one, "says", "say") for one in (reshape.olds, reshape.news))
    before = _expand(reshape, context)
    filling = fill(reshape, context)
    validate = _validate(reshape, context)
    merged = rollout.small and not rollout.stopped
    differ, lost = missing(reshape, context), losing(reshape, context)
    only_new = everywhere(rollout, f"uses only {news}")
    step = DropColumn(table=table.name, column=reshape.old[0].column)
    return Plan(
        title=title,
        slug=slug,
        phases=phases(
            rollout,
            Part(
                phase="expand",
                migrations=(*before, filling, *validate) if merged else before,
                when=additive(rollout, news),
                application=_meanwhile(reshape),
            ),
            Part(
                phase="backfill",
                migrations=() if merged else (filling,),
                when="after expand",
                application=f"still reads {olds}: {news} {verb(reshape.news, 'is', 'are')} not complete "
                "yet",
            ),
            Part(
                phase="validate",
                migrations=() if merged else validate,
                when=f"when the fill is done; then deploy the code that uses only {news}",
                application=f"may use {news} as soon as this is done",
                gate=Gate(
                    text=f"{news} {say} what {olds} {says} in every row",
                    query=differ.query,
                    people=False,
                ),
            ),
            Part(
                phase="contract",
                migrations=_contract(reshape, context),
                when=f"a release later, when every running instance uses only {news}",
                application=f"uses only {news}",
                gate=Gate(
                    text=f"{only_new}; {news} {verb(reshape.news, 'brings', 'bring')} every value of "
                    f"{olds} back"
                    if reshape.two_way and not reshape.normalise
                    else f"{only_new}; {news} {verb(reshape.news, 'is', 'are')} filled in every row",
                    query=differ.query if reshape.normalise else lost.query,
                ),
            ),
        ),
        findings=reshape_findings(reshape, context),
        preflights=_doubts(reshape, context, examples=True),
        snippets=other_columns(reshape.news, reshape.olds, phase="contract"),
        naive=Naive(
            up=(
                *(AddColumn(table=table.name, column=one.bare) for one in reshape.new),
                *(DropColumn(table=table.name, column=one.column) for one in reshape.old),
            ),
            lock=context.dialect.lock(step, context.size(table)),
            effect=f"every running instance that says {olds} fails until it is replaced",
        ),
    )


def _refuse_unsynced(reshape: Reshape, context: Context) -> None:
    """Refuse what no trigger can keep in two forms, or what would be broken in the end."""
    table, dialect = reshape.table, context.dialect
    for one in reshape.old:
        refuse_inherited(table, one.column, what="go")
        refuse_used(
            table,
            one.column,
            what="go",
            safer="Change or drop it first, in a migration of your own, so that it no longer names "
            f"{one.name}.",
        )
    reasons = [why for one in reshape.old for why in sync_obstacles(table, one.name, dialect)]
    if table.kind == "partitioned":
        reasons.append("each partition may have indexes and rules of its own on it")
    required = [one.name for one in reshape.new if not one.column.nullable]
    if required and not dialect.capabilities.sync_fills_required:
        reasons.append(
            f"a trigger of {dialect.label} cannot fill a required column: let {listed(required)} be "
            "NULL, and require it when the change is done"
        )
    bound = [
        one.name for one in reshape.old if not one.column.nullable and one.column.default is None
    ]
    if bound and not reshape.two_way:
        reasons.append(
            f"{listed(bound)} {verb(tuple(bound), 'is', 'are')} required, and nothing makes its value in rows that new code "
            "writes: give --back, or let it be NULL first (migwiz drop-not-null)"
        )
    reasons.append(dialect.supports(CreateSync(sync=sync_of(reshape, context))) or "")
    reasons += [
        dialect.supports(AddColumn(table=table.name, column=one.bare)) or "" for one in reshape.new
    ]
    found = next((one for one in reasons if one), "")
    if found:
        raise Refusal(
            danger(
                "cannot-sync",
                f"{table.name} cannot keep {listed(reshape.olds)} and {listed(reshape.news)} in "
                f"step: {found}.",
                why="Both forms must say the same while old and new code run.",
                safer="Add the new columns on their own (migwiz add-column), let the application "
                "write both, and drop the old ones later.",
            )
        )


def _meanwhile(reshape: Reshape) -> str:
    """Say what running code may do while the trigger is there."""
    olds, news = listed(reshape.olds), listed(reshape.news)
    if reshape.two_way:
        return f"need not change: whatever is written to {olds} or {news} is written to both"
    return (
        f"need not change: whatever is written to {olds} is written to {news} too; the other way "
        f"round nothing is, so new code writes {news} only once nothing reads {olds}"
    )


def _doubts(reshape: Reshape, context: Context, *, examples: bool) -> tuple[Preflight, ...]:
    """Return what is asked of the data before anything changes."""
    kept = None if reshape.normalise else changed_on_return(reshape, context, examples=examples)
    return tuple(one for one in (kept, misfitting(reshape, context)) if one is not None)


def _expand(reshape: Reshape, context: Context) -> tuple[Migration, ...]:
    """Return the new columns, and the trigger that keeps both sides in step."""
    table, olds, news = reshape.table, listed(reshape.olds), listed(reshape.news)
    guard = tuple(
        change(Require(query=one.query, message=one.problem, table=table.name))
        for one in _doubts(reshape, context, examples=False)
    )
    note = f"{olds} {verb(reshape.olds, 'holds', 'hold')} every value too"
    adding = (
        change(
            AddColumn(table=table.name, column=one.bare),
            reversibility=LOSSLESS if reshape.two_way else None,
            note=note if reshape.two_way else "",
        )
        for one in reshape.new
    )
    sync = change(CreateSync(sync=sync_of(reshape, context)))
    return (
        ddl(context, f"add {news} to {table.name}", *guard, *adding),
        ddl(context, f"sync {olds} with {news} of {table.name}", sync),
    )


def _validate(reshape: Reshape, context: Context) -> tuple[Migration, ...]:
    """Return what makes those new columns required that are to be."""
    state, found = reshape.both, list[Migration]()
    for one in reshape.new:
        if not one.column.nullable:
            required = require_value(context, state, one.bare)
            state = dropping.after(state, required)
            found += required
    return tuple(found)


def _contract(reshape: Reshape, context: Context) -> tuple[Migration, ...]:
    """Return the removal of the old columns, in an order whose way back fills them again."""
    table, olds, news = reshape.table, listed(reshape.olds), listed(reshape.news)
    lost = losing(reshape, context)
    look = Require(query=lost.query, message=lost.problem, table=table.name)
    title = f"check that {news} of {table.name} {verb(reshape.news, 'says', 'say')} what {olds} "
    title += verb(reshape.olds, "says", "say")
    stop = change(DropSync(sync=sync_of(reshape, context)))
    if not reshape.two_way:
        state = dropping.after(reshape.both, _validate(reshape, context))
        found: list[Migration] = [
            ddl(context, title, change(look)),
            ddl(context, f"end the sync of {olds} with {news}", stop),
        ]
        for one in reshape.old:
            column = dropping.column_of(state, one.name)
            gone = dropping.dropped(context, state, column, archive=False)
            state = dropping.after(state, gone)
            found += gone
        return tuple(found)
    again = refill(reshape, context)
    old = tuple(one.column for one in reshape.old)
    equal = Migration(
        slug=slugify(title),
        title=title,
        kind="data",
        transactional=not again.key,
        changes=(change(look, undo=(again,)),),
    )
    return (
        *((rewrite(reshape, context),) if reshape.normalise else ()),
        *unbound(table, old, context),
        equal,
        ddl(
            context,
            f"drop {olds} from {table.name}",
            *dropped(table, old, context, stop, source=news),
        ),
    )
