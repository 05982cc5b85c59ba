"""Aurora PostgreSQL: PostgreSQL's own rules, and a blue/green deployment that is a replica.

Aurora User Guide, "Best practices for Amazon Aurora blue/green deployments": green is fed by
logical replication, so only changes that replication survives may be made on it; new columns at
the end of a table do, renames of columns and tables do not. RDS for PostgreSQL shows no sign of its
own and is planned for as PostgreSQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from wizard.dialects import postgresql
from wizard.dialects.base import Dialect
from wizard.dialects.flavours.base import Flavour, Flavoured, Signs, Situation, Version
from wizard.dialects.flavours.replicas import about_green
from wizard.model.findings import Finding
from wizard.model.plan import Plan
from wizard.model.schema import Column, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class AuroraPostgreSQL(Flavoured):
    """Aurora at the version of PostgreSQL that it is compatible with."""

    FLAVOUR: ClassVar[str] = "aurora-postgresql"
    LABEL: ClassVar[str] = "Aurora"

    @property
    def label(self) -> str:
        """The engine with PostgreSQL's version, as Amazon names it."""
        return f"Aurora {self.base.label}"

    def hidden_key(self, table: Table) -> Column | None:
        """Return the place of a row: Aurora has other storage, and the same blocks."""
        return self.base.hidden_key(table)

    def findings(self, plan: Plan, situation: Situation) -> tuple[Finding, ...]:
        """Say what may be changed on green, where there is a green."""
        return about_green(plan, situation)


def recognise(signs: Signs) -> Version | None:
    """Return no version where the server has Aurora's functions, None where it has not."""
    return None if signs.aurora is None else ()


def make(version: Version, own: Version) -> Dialect:
    """Return Aurora PostgreSQL; raises AnswerError (`old-server`) before 12."""
    return AuroraPostgreSQL(base=postgresql.dialect(version), own=own)


FLAVOUR = Flavour(
    name="aurora-postgresql",
    label="Aurora PostgreSQL",
    speaks="postgresql",
    recognise=recognise,
    make=make,
)
