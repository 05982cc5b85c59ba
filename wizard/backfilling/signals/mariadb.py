"""The signs of MariaDB: one server may follow several others, which only ALL SLAVES shows."""

from __future__ import annotations

from wizard.backfilling.signals.family import family

_WAITING = """
SELECT count(DISTINCT waiter.trx_mysql_thread_id) AS sessions
FROM information_schema.INNODB_LOCK_WAITS one
JOIN information_schema.INNODB_TRX waiter ON waiter.trx_id = one.requesting_trx_id
JOIN information_schema.INNODB_TRX holder ON holder.trx_id = one.blocking_trx_id
WHERE holder.trx_mysql_thread_id IN ({ours}) AND waiter.trx_mysql_thread_id NOT IN ({ours})
"""

SIGNALS = family(lambda query: query("SHOW ALL SLAVES STATUS"), _WAITING)
