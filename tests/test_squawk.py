"""An outside referee reads the SQL of large tables: only what the plans themselves explain."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"
#: What squawk says of files that are right, and why they are.
EXPLAINED = {
    "require-statement-timeout": "a lock budget bounds the wait; a statement timeout would cut "
    "validations and builds short (safety.md, conclusion 7)",
    "require-lock-timeout": "VALIDATE and CONCURRENTLY take a lock that neither readers nor writers "
    "wait behind; a timeout would leave an INVALID index",
    "adding-not-nullable-field": "SET NOT NULL does not scan: a check validated two files earlier "
    "proves it, which squawk cannot see",
    "ban-drop-constraint": "the proof of NOT NULL goes when NOT NULL is there; the contract of a "
    "rename drops the old column's checks after its gate; else it was asked for, with a gate",
    "ban-drop-default": "the old column's default goes with it, in one transaction; else it was "
    "asked for, with a gate that no code counts on it",
    "ban-drop-not-null": "contract: nothing reads the old column any more, and it is about to go; "
    "else it was asked for, with a gate that all code copes with NULL",
    "ban-drop-function": "the sync trigger's own function, with its trigger",
    "ban-drop-column": "contract: its gate says that no code names the column any more",
    "prefer-text-field": "the type is the user's own",
}


def squawk() -> str:
    beside = Path(sys.executable).parent / "squawk"
    found = str(beside) if beside.exists() else shutil.which("squawk")
    if found is None:
        pytest.skip("needs squawk: pip install squawk-cli (it is in the dev group)")
    return found


@pytest.mark.parametrize("kind", sorted(path.name for path in GOLDEN.iterdir()))
def test_only_what_the_plan_explains(kind: str) -> None:
    files = sorted((GOLDEN / kind / "postgresql" / "sql-golang-migrate").glob("*.up.sql"))
    assert files
    done = subprocess.run(
        [squawk(), "--reporter", "Json", "--pg-version", "16", *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )
    rules = {one["rule_name"] for one in json.loads(done.stdout or "[]")}
    assert rules <= set(EXPLAINED), rules - set(EXPLAINED)


def test_the_referee_is_awake(tmp_path: Path) -> None:
    bad = tmp_path / "bad.sql"
    bad.write_text("CREATE INDEX ix ON orders (status);\n")
    done = subprocess.run(
        [squawk(), "--reporter", "Json", str(bad)], capture_output=True, text=True, check=False
    )
    rules = {one["rule_name"] for one in json.loads(done.stdout)}
    assert "require-concurrent-index-creation" in rules
