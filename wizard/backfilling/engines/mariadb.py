"""Writing batches to MariaDB, which also bounds how long a change may run."""

from __future__ import annotations

from wizard.backfilling.engines.mysql import Family

# A runner that is stopped in the middle of a batch must not hold its locks for long.
_IDLE_SECONDS = 30

ENGINE = Family(
    "mariadb",
    time_limit="max_statement_time",
    settings={"idle_transaction_timeout": str(_IDLE_SECONDS)},
)
