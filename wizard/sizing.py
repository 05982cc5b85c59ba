"""How large a table is taken to be, for estimates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from wizard.dialects.base import Size
from wizard.model.answers import OperationAnswers
from wizard.model.names import TableName
from wizard.model.rollout import Rollout
from wizard.model.schema import Table


def size_of(
    name: TableName,
    rollout: Rollout,
    operations: Sequence[OperationAnswers],
    details: Mapping[TableName, Table],
) -> Size:
    """Return the size to estimate with: what was answered, else the statistics in ``details``.

    What was answered is the size of the whole: a partition has its share of it.
    """
    table = details.get(name)
    if rollout.rows is not None or rollout.bytes is not None:
        asked = {str(one.values.get("table")) for one in operations}
        share = _share(table, asked, details)
        return Size(
            rows=None if rollout.rows is None else round(rollout.rows * share),
            bytes=None if rollout.bytes is None else round(rollout.bytes * share),
        )
    return Size(rows=table.rows, bytes=table.bytes) if table else Size()


def _share(table: Table | None, asked: Set[str], details: Mapping[TableName, Table]) -> float:
    """Return how much of the whole table a partition holds: by statistics, else all alike."""
    above = None if table is None else table.partition_of
    parent = None if above is None else details.get(above)
    if table is None or parent is None or str(table.name) in asked:
        return 1.0
    if table.rows is not None and parent.rows:
        return min(1.0, table.rows / parent.rows) * _share(parent, asked, details)
    return _share(parent, asked, details) / max(1, len(parent.partitions))
