"""The signs of MySQL: SHOW REPLICA STATUS came with 8.0.22, the older words went with 8.4."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.backfilling.signals.base import Query, Refused, Row
from wizard.backfilling.signals.family import family

_WAITING = """
SELECT IF(@@performance_schema, count(DISTINCT waiter.PROCESSLIST_ID), NULL) AS sessions
FROM performance_schema.data_lock_waits one
JOIN performance_schema.threads waiter ON waiter.THREAD_ID = one.REQUESTING_THREAD_ID
JOIN performance_schema.threads holder ON holder.THREAD_ID = one.BLOCKING_THREAD_ID
WHERE holder.PROCESSLIST_ID IN ({ours}) AND waiter.PROCESSLIST_ID NOT IN ({ours})
"""


def _statuses(query: Query) -> Sequence[Row]:
    try:
        return query("SHOW REPLICA STATUS")
    except Refused:
        return query("SHOW SLAVE STATUS")


SIGNALS = family(_statuses, _WAITING)
