"""What steps hold on CockroachDB: jobs hold no lock on rows, but they write, scan and build.

"Online Schema Changes": adding a column with a value, dropping one and building an index write the
rows anew; constraints are validated by reading every row.
"""

from __future__ import annotations

from dataclasses import replace

from wizard.dialects import estimates
from wizard.dialects.base import Dialect, Size
from wizard.dialects.flavours.subjects import is_ddl
from wizard.model.plan import Lock, Work
from wizard.model.steps import AddColumn, ChangeType, DropColumn, Require, SetNotNull, Step, is_data

JOB = "an online job"


def lock(step: Step, size: Size, base: Dialect) -> Lock:
    """Return what the step holds on a table of that size."""
    held = base.lock(step, size)
    if held.mode == "none":
        return held
    if is_data(step):
        return replace(held, mode="row locks")
    if isinstance(step, Require) or not is_ddl(step):
        return replace(held, mode="no lock", blocks=())
    work = _work(step, held.work)
    if work == held.work:
        return replace(held, mode=JOB, blocks=())
    length = {"rewrite": estimates.rewrite, "scan": estimates.scan}.get(work)
    milliseconds = estimates.INSTANT if length is None else length(size)
    return replace(held, mode=JOB, blocks=(), work=work, milliseconds=milliseconds)


def _work(step: Step, otherwise: Work) -> Work:
    match step:
        case AddColumn(column=column):
            stored = column.generated is not None and column.generated.stored
            return "rewrite" if column.default is not None or stored else "none"
        case DropColumn():
            return "rewrite"
        case SetNotNull():
            return "scan"
        case ChangeType():
            return otherwise
        case _:
            return otherwise
