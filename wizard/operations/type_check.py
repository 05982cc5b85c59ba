"""In place of a narrower type: a check that forbids what it would not hold (safety.md PG-8b)."""

from __future__ import annotations

from wizard.model.findings import info
from wizard.model.names import slugify
from wizard.model.plan import Gate, Naive, Plan
from wizard.model.schema import Check
from wizard.operations.base import Context
from wizard.operations.common import object_name
from wizard.operations.constraints import check_migrations, violators
from wizard.operations.phases import Part, everywhere, phases, queueing
from wizard.operations.retyping import Retype, step_of


def narrows(retype: Retype) -> bool:
    """Tell whether the new type only holds fewer of the old one's values, which a check can say."""
    return bool(retype.way.fits) and retype.way.alike and retype.using is None


def by_check(retype: Retype, context: Context) -> Plan:
    """Return the plan that keeps the type and forbids what the narrower one would not hold."""
    table, dialect = retype.table, context.dialect
    columns = (retype.column.name,)
    check = Check(
        name=object_name(table, columns, kind="check", limit=dialect.capabilities.name_bytes),
        expression=retype.way.fits or "true",
        columns=columns,
    )
    title = f"limit {retype.name} to {retype.to.type} by a check"
    adding, proving = check_migrations(context, table, check, title=title)
    preflight = violators(context, table, check)
    holds = f"writes only values of {retype.name} that {retype.to.type} can hold"
    step = step_of(retype, context)
    lock = dialect.lock(dialect.fit(step, table), context.size(table))
    return Plan(
        title=title,
        slug=slugify(f"limit {table.name} {retype.column.name}", separator="-"),
        phases=phases(
            context.rollout,
            Part(
                phase="expand",
                migrations=adding,
                when=f"after the deploy whose code {holds}",
                application=holds,
                gate=Gate(text=everywhere(context.rollout, holds)),
            ),
            Part(
                phase="validate",
                migrations=proving,
                when="after expand",
                application="need not change",
                gate=Gate(
                    text=f"every value of {retype.name} fits {retype.to.type}",
                    query=preflight.query,
                    people=False,
                ),
            ),
        ),
        findings=(
            info(
                "check-instead-of-type",
                f"{retype.name} keeps its type {retype.column.type}, and {check.name} forbids what "
                f"{retype.to.type} would not hold.",
                why=f"A narrower type writes {table.name} anew while nobody can read or write it; a "
                "check is added in an instant, proven while everybody goes on, and dropped in an "
                "instant.",
                safer="To have the type itself all the same: --how shadow.",
            ),
        ),
        preflights=(preflight,),
        naive=Naive(up=(step,), lock=lock, effect=queueing(lock, *lock.on)),
    )
