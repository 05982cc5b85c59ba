"""MariaDB 10.6 and later."""

from __future__ import annotations

from wizard.dialects.mariadb.capabilities import capabilities
from wizard.dialects.mariadb.ways import ways
from wizard.dialects.mysql_family.family import Family
from wizard.model.errors import AnswerError

OLDEST = (10, 6)


def dialect(version: tuple[int, ...]) -> Family:
    """Return MariaDB at a server version; raises AnswerError (`old-server`) before 10.6."""
    if version < OLDEST:
        shown = ".".join(map(str, version)) or "of an unknown version"
        raise AnswerError(
            "old-server",
            f"this server is MariaDB {shown}; migwiz knows 10.6 and later",
            why="Earlier versions cannot hide an index before it is dropped.",
            next_actions=("upgrade the server, or say another --server-version",),
            flag="--server-version",
        )
    return Family(
        name="mariadb",
        title="MariaDB",
        version=version,
        capabilities=capabilities(version),
        ways=ways(version),
    )
