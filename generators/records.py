"""Tables in which tools keep their own records: they are not the application's."""

from __future__ import annotations

from collections.abc import Sequence

from generators.ledger import Ledger, Unrecorded
from wizard.model.names import TableName

#: Names that no application gives to a table of its own. A name such as ``migrations`` may be one of
#: the application: it counts only where the project says that its tool records there.
_NAMES = frozenset(
    {
        *("alembic_version", "django_migrations", "seaql_migrations", "schema_migrations"),
        *("__diesel_schema_migrations", "__drizzle_migrations", "_prisma_migrations"),
        *("_sqlx_migrations", "_yoyo_log", "_yoyo_migration", "_yoyo_version", "yoyo_lock"),
        *("ar_internal_metadata", "atlas_schema_revisions", "databasechangelog"),
        *("databasechangeloglock", "flyway_schema_history", "goose_db_version", "gorp_migrations"),
        *("knex_migrations", "knex_migrations_lock", "kysely_migration", "kysely_migration_lock"),
        *("pgmigrations", "refinery_schema_history", "sequelizemeta"),
        *("migwiz_backfills", "migwiz_backfill_ranges"),
    }
)
_SCHEMAS = frozenset({"graphile_migrate", "hdb_catalog", "sqitch", "supabase_migrations"})


def is_record(table: TableName, ledger: Ledger | Unrecorded | None = None) -> bool:
    """Say whether a tool keeps its record in a table; ``ledger`` is the project's own."""
    named: Sequence[TableName] = ledger.tables if isinstance(ledger, Ledger) else ()
    return (
        table.name.casefold() in _NAMES
        or (table.schema or "") in _SCHEMAS
        or any(table.name == one.name and one.schema in (None, table.schema) for one in named)
    )
