"""MySQL 8.0 and later.

Measured on MySQL 9.7. What differs in 8.0 and 8.4 is from the MySQL 8.0 manual, "Online DDL
Operations", and is tested on the SQL alone.
"""

from __future__ import annotations

from wizard.dialects.mysql.capabilities import capabilities
from wizard.dialects.mysql.ways import ways
from wizard.dialects.mysql_family.family import Family
from wizard.model.errors import AnswerError

OLDEST = (8,)


def dialect(version: tuple[int, ...]) -> Family:
    """Return MySQL at a server version; raises AnswerError (`old-server`) before 8.0."""
    if version < OLDEST:
        shown = ".".join(map(str, version)) or "of an unknown version"
        raise AnswerError(
            "old-server",
            f"this server is MySQL {shown}; migwiz knows 8.0 and later",
            why="Earlier versions copy tables for changes that are instant today.",
            next_actions=("upgrade the server, or say another --server-version",),
            flag="--server-version",
        )
    return Family(
        name="mysql",
        title="MySQL",
        version=version,
        capabilities=capabilities(version),
        ways=ways(version),
    )
