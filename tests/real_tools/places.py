"""Where a tool is to run: a database, by all the names that tools have for it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import tools
from sqlalchemy.engine import make_url

from generators.base import FileEdit


@dataclass(frozen=True, kw_only=True)
class Place:
    """A database of one engine; ``url`` is SQLAlchemy's, ``home`` an empty folder for the tool."""

    engine: str
    url: str
    home: Path

    @property
    def database(self) -> str:
        """The database's name, for SQLite its file."""
        return str(make_url(self.url).database)

    @property
    def user(self) -> str:
        return make_url(self.url).username or ""

    @property
    def password(self) -> str:
        return str(make_url(self.url).password or "")

    @property
    def host(self) -> str:
        """The host's name, for PostgreSQL also the folder of a socket."""
        parts = make_url(self.url)
        return str(parts.query.get("host") or parts.host or "127.0.0.1")

    @property
    def port(self) -> int:
        parts = make_url(self.url)
        return int(str(parts.query.get("port") or parts.port or 5432))

    @property
    def socket(self) -> str | None:
        """The socket of a MySQL or MariaDB, when there is one."""
        found = make_url(self.url).query.get("unix_socket")
        return str(found) if found else None

    @property
    def libpq(self) -> str:
        """The URL as libpq and its like read it; only for PostgreSQL."""
        account = f"{quote(self.user)}:{quote(self.password or 'x')}"
        where = f"host={quote(self.host, safe='')}&port={self.port}&sslmode=disable"
        return f"postgres://{account}@/{self.database}?{where}"

    def run(self, *words: str | Path, folder: Path | None = None, **environment: str) -> str:
        """Run a program and return all it printed; raises CalledProcessError with it."""
        path = os.pathsep.join((tools.ENVIRONMENT.get("PATH", ""), "/usr/local/go/bin"))
        done = subprocess.run(
            [str(word) for word in words],
            cwd=folder or self.home,
            env={"PATH": path, "HOME": str(self.home), "LC_ALL": "C.UTF-8", **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        if done.returncode != 0:
            raise subprocess.CalledProcessError(
                done.returncode, done.args, done.stdout, done.stderr
            )
        return done.stdout + done.stderr


def said(error: subprocess.CalledProcessError) -> str:
    """Return what a program printed before it failed."""
    return f"{error.stdout}\n{error.stderr}"


def versions(edits: Sequence[FileEdit]) -> list[str]:
    """Return the versions of files, each once, in order."""
    return list(dict.fromkeys(one.revision for one in edits if one.revision))
