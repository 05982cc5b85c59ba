"""The catalogue queries for MySQL and MariaDB, each for the servers that answer it well.

All that differs between the two is chosen here, by engine and version. What only MySQL answers was
written after its manual ("INFORMATION_SCHEMA Tables") and run on 9.7; what is chosen for MySQL before
8.0.13 has run on MariaDB alone. Neither waits for a lock on a user's table for longer than the last
moment of an ALTER TABLE, save for `ROW_VERSIONS`.
"""

from __future__ import annotations

from wizard.database.mysql_server import Engine

#: Kinds of information_schema that are tables to us.
TABLE_TYPES = ("BASE TABLE", "SYSTEM VERSIONED")

NAMES = """
SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = %s
"""
# Three ways to the rows and bytes of all tables, and to what is partitioned.
_FIGURES = """
SELECT table_name, table_rows, data_length + index_length, create_options LIKE '%%partitioned%%'
FROM information_schema.tables WHERE table_schema = %s AND engine IS NOT NULL
"""
# MariaDB opens every table for them that it has not opened yet: a second for a thousand tables. What
# it has opened in this time it has not to open again.
_FIGURES_IN_TIME = "SET STATEMENT max_statement_time = 0.25 FOR " + _FIGURES.strip()
# One row for each partition, such as `events#P#p2026`. Its figures come from InnoDB's own sampling,
# which lags behind a bulk load by some seconds, and take the right to read them.
_FIGURES_OF_INNODB = """
SELECT table_name, n_rows, (clustered_index_size + sum_of_other_index_sizes) * @@innodb_page_size,
       false
FROM mysql.innodb_table_stats WHERE database_name = %s
"""

TABLE = """
SELECT table_name, table_type, engine, row_format, table_collation, table_rows,
       data_length + index_length
FROM information_schema.tables WHERE table_schema = %s AND table_name = %s
"""

# Who points here. Without the privilege PROCESS it takes the long way, over every table.
_CHILDREN_OF_INNODB = """
SELECT DISTINCT for_name FROM information_schema.innodb_sys_foreign WHERE ref_name = %s
"""
CHILDREN = """
SELECT DISTINCT constraint_schema, table_name FROM information_schema.referential_constraints
WHERE unique_constraint_schema = %s AND referenced_table_name = %s
"""

# In the order in which they fire.
TRIGGERS = """
SELECT trigger_name, event_object_table, action_statement FROM information_schema.triggers
WHERE trigger_schema = %s AND event_object_schema = %s
  AND (event_object_table = %s OR locate(%s, action_statement) > 0)
ORDER BY event_object_table, event_manipulation, action_timing, action_order
"""
ROUTINES = """
SELECT lower(routine_type), routine_schema, routine_name, routine_definition
FROM information_schema.routines
WHERE routine_schema = %s AND locate(%s, routine_definition) > 0
UNION ALL
SELECT 'event', event_schema, event_name, event_definition
FROM information_schema.events
WHERE event_schema = %s AND locate(%s, event_definition) > 0
ORDER BY 1, 3
"""

# MySQL alone keeps which views read which tables.
_VIEWS_BY_USAGE = """
SELECT v.table_schema, v.table_name, v.view_definition
FROM information_schema.view_table_usage u
JOIN information_schema.views v ON v.table_schema = u.view_schema AND v.table_name = u.view_name
WHERE u.table_schema = %s AND u.table_name = %s
ORDER BY 1, 2
"""
_VIEWS_BY_TEXT = """
SELECT table_schema, table_name, view_definition FROM information_schema.views
WHERE table_schema = %s AND locate(%s, view_definition) > 0
ORDER BY 1, 2
"""

# A table's figures are as old as this many seconds at most; the default of MySQL is a day.
FRESH_STATISTICS = "SET SESSION information_schema_stats_expiry = 0"
CACHED_STATISTICS = "SET SESSION information_schema_stats_expiry = DEFAULT"

ROW_VERSIONS = """
SELECT max(total_row_versions) FROM information_schema.innodb_tables
WHERE name = %s OR name LIKE %s
"""


def keeps_statistics(engine: Engine) -> bool:
    """Tell whether the server answers with figures of up to a day ago, unless asked not to."""
    return not engine.maria and engine.since((8, 0), None)


def counts_row_versions(engine: Engine) -> bool:
    """Tell whether INSTANT changes spend a budget that the server counts."""
    return engine.since((8, 0, 29), None)


def figures(engine: Engine) -> tuple[str, ...]:
    """Return what asks for the rows and bytes of all tables: the first that is answered counts."""
    return (_FIGURES_OF_INNODB, _FIGURES_IN_TIME) if engine.maria else (_FIGURES,)


def children_of_innodb(engine: Engine) -> str | None:
    """Return the quick query for the tables that point to one, None where there is none."""
    return _CHILDREN_OF_INNODB if engine.maria else None


def views(engine: Engine, schema: str, name: str) -> tuple[str, tuple[str, str]]:
    """Return the query for the views that read a table or view, with its parameters.

    Where the server does not keep it, the text of this database's views tells.
    """
    if engine.since((8, 0, 13), None):
        return _VIEWS_BY_USAGE, (schema, name)
    return _VIEWS_BY_TEXT, (schema, "`" + name.replace("`", "``") + "`")
