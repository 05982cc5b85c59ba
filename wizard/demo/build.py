"""Building the sample shop: its Alembic project in a folder, its tables and rows in a database."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from wizard.model.errors import ReachError

_HERE = Path(__file__).parent
_SECONDS = 120


def build_demo(root: Path, url: str) -> None:
    """Write the shop's project into ``root`` and create its tables and rows behind ``url``.

    ``url`` is the SQLAlchemy URL of an empty PostgreSQL database; it is kept in ``root/.env``. The
    tables come from the project's own revisions, run by the real Alembic. Raises ReachError
    (`demo-build`).
    """
    shutil.copytree(
        _HERE / "project",
        root,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("__pycache__", ".*_cache"),
    )
    dotenv = root / ".env"
    dotenv.touch(mode=0o600)
    dotenv.write_text(f"DATABASE_URL={url}\n", encoding="utf-8")
    run_alembic(root, "upgrade", "head")
    _load(url)


def run_alembic(root: Path, *arguments: str) -> str:
    """Run the real Alembic in the shop's project and return what it said; raises ReachError."""
    # The project's own .env decides, not the shell that the demo was started from.
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "alembic", *arguments],
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    said = done.stdout + done.stderr
    if done.returncode != 0:
        raise ReachError(
            "demo-build",
            f"`alembic {' '.join(arguments)}` failed in the sample shop.",
            why=_last_words(said),
        )
    return said


def _last_words(said: str) -> str:
    """Return what stands below a traceback, or the end of what was said."""
    lines = said.strip().splitlines()
    indented = [number for number, line in enumerate(lines) if line.startswith("  ")]
    return "\n".join(lines[indented[-1] + 1 :] if indented else lines)[-2000:]


def _load(url: str) -> None:
    import psycopg
    from sqlalchemy import make_url

    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(address) as connection:
            connection.execute("SET LOCAL synchronous_commit = off")
            connection.execute((_HERE / "shop.sql").read_bytes())
    except psycopg.Error as error:
        raise ReachError(
            "demo-build", "The sample shop's rows could not be loaded.", why=str(error).strip()
        ) from None
