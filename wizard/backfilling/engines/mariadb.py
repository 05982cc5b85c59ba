"""Writing batches to MariaDB, which also bounds how long a change may run."""

from __future__ import annotations

from wizard.backfilling.engines.mysql import Family

ENGINE = Family("mariadb", time_limit="max_statement_time")
