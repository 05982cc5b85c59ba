"""Generated SQL files run up, down and up again by golang-migrate and dbmate on a real MariaDB."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
import tools
from sqlalchemy import make_url
from test_mariadb_for_real import CASES, schema, url

from wizard.model.answers import Answers, OperationAnswers, freeze
from wizard.session import Environment, Session

__all__ = ["url"]  # a fixture

FOLDERS = {"golang-migrate": "migrations", "dbmate": "db/migrations"}


def go_url(url: str, layout: str) -> str:
    """Return a SQLAlchemy URL as the runner's own driver reads it."""
    parts = make_url(url)
    socket = dict(parts.query).get("unix_socket")
    who = f"mysql://{parts.username}:{parts.password or ''}@"
    if layout == "dbmate":
        place = "" if socket else f"{parts.host}:{parts.port}"
        return f"{who}{place}/{parts.database}" + (f"?socket={socket}" if socket else "")
    place = f"unix({socket})" if socket else f"tcp({parts.host}:{parts.port})"
    return f"{who}{place}/{parts.database}?multiStatements=true"


def run(layout: str, root: Path, url: str, *words: str) -> None:
    program = {"golang-migrate": tools.golang_migrate, "dbmate": tools.dbmate}[layout]()
    folder, address = str(root / FOLDERS[layout]), go_url(url, layout)
    call = (
        ["--no-dump-schema", "--migrations-dir", folder, "--url", address]
        if layout == "dbmate"
        else ["-path", folder, "-database", address]
    )
    done = subprocess.run(
        [str(program), *call, *words], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, f"{words}: {done.stdout}\n{done.stderr}"


# How a server takes the statements is the server's, how a file is cut the runner's: one pair each.
@pytest.mark.parametrize(
    ("layout", "url"),
    [("dbmate", "mysql"), ("golang-migrate", "mariadb")],
    indirect=["url"],
)
@pytest.mark.parametrize("kind", sorted(CASES))
def test_up_down_and_up_again(kind: str, layout: str, url: str, tmp_path: Path) -> None:
    folder = tmp_path / FOLDERS[layout]
    folder.mkdir(parents=True)
    operation = OperationAnswers(kind=kind.partition(" ")[0], values=freeze(CASES[kind]))  # type: ignore[arg-type]
    answers = Answers(operations=(operation,)).put("rollout.rows", 120_000_000)
    for key, value in (("framework", "sql"), ("layout", layout), ("directory", FOLDERS[layout])):
        answers = answers.put(f"project.{key}", value)
    environment = Environment(
        root=tmp_path,
        environ={"DATABASE_URL": url},
        now=datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC),
        seed="test",
    )
    (tmp_path / "Makefile").write_text(
        "up:\n\tmigrate -path migrations -database $(DATABASE_URL) up\n"
        if layout == "golang-migrate"
        else "up:\n\tdbmate up\n"
    )
    session = Session(environment, answers, accepted=["all"])
    plan = session.plan()
    assert plan.refused is None, plan.refused
    before = schema(session)
    written = session.write(all_phases=True)
    versions = {one.revision for one in written.edits}
    run(layout, tmp_path, url, "up")
    after = schema(session)
    assert after != before or kind in ("backfill", "reindex")
    if layout == "dbmate":
        for _ in versions:
            run(layout, tmp_path, url, "rollback")
    else:
        run(layout, tmp_path, url, "down", str(len(versions)))
    assert schema(session) == before
    run(layout, tmp_path, url, "up")
    assert schema(session) == after
