"""What runners on the JVM need beyond plain SQL."""

from __future__ import annotations

from dataclasses import replace

from generators.sql.layout import Section
from wizard.dialects.base import Dialect

_WORDS = {"BEGIN": "SAVEPOINT migwiz", "COMMIT": "RELEASE migwiz"}


def with_savepoints(section: Section, dialect: Dialect) -> Section:
    """Return the section with the transactions that it opens itself on SQLite as savepoints.

    Outside a transaction a savepoint begins one. Flyway's parser takes BEGIN for the start of a
    block; Liquibase, run on SQLite, records a changeset with BEGIN and COMMIT whose work is lost.
    """
    if dialect.name != "sqlite":
        return section
    statements = (
        replace(one, sql=_WORDS.get(one.sql.partition(" ")[0], one.sql))
        for one in section.statements
    )
    return replace(section, statements=tuple(statements))
