"""Aurora MySQL: MySQL's own rules, and a blue/green deployment that is a replica.

Aurora User Guide, "Altering tables using Fast DDL": version 3 has the instant DDL of MySQL 8.0;
"Checking Aurora MySQL version numbers": 3.x is at least MySQL 8.0.23, and the release notes say which;
"Best practices for Amazon Aurora blue/green deployments": green follows blue by the binary log, so
only changes that replication survives may be made on it. RDS for MySQL shows no sign of its own and
is planned for as MySQL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from wizard.dialects import dialect as plain
from wizard.dialects.base import Dialect
from wizard.dialects.flavours.base import Flavour, Flavoured, Signs, Situation, Version
from wizard.dialects.flavours.replicas import about_green
from wizard.model.findings import Finding
from wizard.model.plan import Plan

_OWN = re.compile(r"mysql_aurora\.(\d+)\.(\d+)")
#: From which version on Aurora is compatible with which MySQL, newest first.
_COMPATIBLE: tuple[tuple[Version, Version], ...] = (
    ((3, 12), (8, 0, 44)),
    ((3, 10), (8, 0, 42)),
    ((3, 9), (8, 0, 40)),
    ((3, 8), (8, 0, 39)),
    ((3, 4), (8, 0, 28)),
    ((3,), (8, 0, 23)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuroraMySQL(Flavoured):
    """Aurora at the version of MySQL that it is compatible with."""

    FLAVOUR: ClassVar[str] = "aurora-mysql"
    LABEL: ClassVar[str] = "Aurora"

    @property
    def label(self) -> str:
        """The engine with MySQL's version, as Amazon names it."""
        return f"Aurora {self.base.label}"

    def findings(self, plan: Plan, situation: Situation) -> tuple[Finding, ...]:
        """Say what may be changed on green, where there is a green."""
        return about_green(plan, situation)


def recognise(signs: Signs) -> Version | None:
    """Return Aurora's own version, empty where it is not told, None on another server."""
    match = _OWN.search(signs.version) or _OWN.search(f"mysql_aurora.{signs.aurora}")
    if match is not None:
        return (int(match[1]), int(match[2]))
    return None if signs.aurora is None else ()


def make(version: Version, own: Version) -> Dialect:
    """Return Aurora MySQL; raises AnswerError (`old-server`) before version 3.

    Where the server tells its series alone (``8.0.mysql_aurora.3.04.0``), the own version says with
    which MySQL it is compatible.
    """
    if own and (len(version) < 3 or not version[2]):
        version = next((mysql for least, mysql in _COMPATIBLE if own >= least), (5, 7))
    return AuroraMySQL(base=plain("mysql", version), own=own)


FLAVOUR = Flavour(
    name="aurora-mysql",
    label="Aurora MySQL",
    speaks="mysql",
    recognise=recognise,
    make=make,
)
