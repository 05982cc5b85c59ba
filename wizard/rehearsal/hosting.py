"""Where and as whom a private server runs: its user, its folder, its processes."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from wizard.model.errors import ReachError

# A socket's path may hold 104 bytes on macOS and 108 on Linux, with the name that the server adds.
SOCKET_FOLDER_BYTES = 80

# Ends the server and removes its folder when this process goes without saying so (kill -9, a closed
# terminal): the pipe on its standard input closes with the last process that holds the other end.
_WATCHDOG = """
read -r _
kill -"$3" "$1" 2>/dev/null
for _ in 1 2 3 4 5; do kill -0 "$1" 2>/dev/null && sleep 0.2; done
rm -rf "$2"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The system user that the server runs as: no database server wants to run as root."""

    uid: int
    gid: int


def server_account(
    engine: str = "PostgreSQL", names: Sequence[str] = ("pgserver", "postgres", "nobody")
) -> Account | None:
    """Return the user to run a server as, or None for the present one, which is not root.

    The first of ``names`` that exists is taken; raises ReachError (`sandbox-user`).
    """
    if os.name == "nt" or os.geteuid() != 0:
        return None
    import pwd

    for name in names:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(uid=entry.pw_uid, gid=entry.pw_gid)
    raise ReachError(
        "sandbox-user",
        f"There is no user that a {engine} server could run as.",
        why=f"{engine} refuses to run as root, and none of {', '.join(names)} exists.",
        next_actions=("run migwiz as an ordinary user",),
    )


def can_enter(path: Path, account: Account) -> bool:
    """Say whether the account may enter a folder (or run a file) and enter every folder above."""
    for folder in (path.resolve(), *path.resolve().parents):
        status = folder.stat()
        bit = stat.S_IXUSR if status.st_uid == account.uid else stat.S_IXOTH
        if not status.st_mode & bit:
            return False
    return True


def make_home(directory: Path, account: Account | None, prefix: str = "migwiz-pg-") -> Path:
    """Return a new folder that only the account can enter, below ``directory`` where that works.

    Elsewhere it is below the temporary folder; raises ReachError (`sandbox-folder`).
    """
    directory.mkdir(parents=True, exist_ok=True)
    for candidate in (directory.resolve(), Path(tempfile.gettempdir()).resolve(), Path("/tmp")):
        short = os.name == "nt" or len(os.fsencode(candidate)) <= SOCKET_FOLDER_BYTES
        if short and (account is None or (candidate.is_dir() and can_enter(candidate, account))):
            home = Path(tempfile.mkdtemp(prefix=prefix, dir=candidate))
            if account is not None:
                os.chown(home, account.uid, account.gid)
            return home
    raise ReachError(
        "sandbox-folder",
        "There is no folder in which a database server could run.",
        why=f"The server's user cannot enter {directory} or the temporary folder, or both have "
        "paths too long for a socket.",
        next_actions=("set TMPDIR to a short path that every user may enter, such as /tmp",),
    )


def spawn(
    command: Sequence[str | Path], account: Account | None, output: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Start a program as the account, in a session of its own, with its words in ``output``."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        cwd="/" if os.name != "nt" else None,
        env={**environment, "LC_ALL": "C"},
        # Ctrl+C in the terminal is for the wizard, not for the server below it.
        start_new_session=os.name != "nt",
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def start_watchdog(pid: int, home: Path, signal: str = "QUIT") -> subprocess.Popen[bytes] | None:
    """Start what ends the process and removes ``home`` when this process is gone, if it can.

    ``signal`` is the name of the one that ends that server at once.
    """
    if os.name == "nt":
        return None
    with contextlib.suppress(OSError):
        return subprocess.Popen(
            ["/bin/sh", "-c", _WATCHDOG, "migwiz-watchdog", str(pid), str(home), signal],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )
    return None


def free_port() -> int:
    """Return a port of the loopback address that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
