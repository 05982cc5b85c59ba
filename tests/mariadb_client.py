"""Scripts for a MariaDB of the tests, run as people run them: through its own client."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from servers import TestServer

from wizard.database.urls import parse_url


def load(server: TestServer, url: str, script: str | Path) -> None:
    """Run a script, which may use DELIMITER, in a database; raises with what the client said."""
    text = script.read_text() if isinstance(script, Path) else script
    place = parse_url(url)
    done = subprocess.run(
        [
            *(str(server.bin / "mariadb"), "--no-defaults", f"--user={place.user}"),
            *(f"--host={place.host}", f"--port={place.port}", "--default-character-set=utf8mb4"),
            place.database,
        ],
        input=text,
        env={**os.environ, "MYSQL_PWD": place.password or ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
