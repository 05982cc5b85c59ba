"""What env.py decides, read from its syntax tree: transactions, batch mode, locks it takes."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from generators.reading import read_text

_WAITING_LOCK = re.compile(r"\bpg_advisory_(xact_)?lock\b|\bGET_LOCK\b", re.IGNORECASE)
_POLLING_LOCK = re.compile(r"\bpg_try_advisory_(xact_)?lock\b", re.IGNORECASE)
_FLASK = re.compile(r"\bflask\b|current_app", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Facts about an env.py. ``advisory_lock`` tells how it keeps two runs apart, if it does."""

    per_migration: bool = False
    batch: bool = False
    lock_timeout: bool = False
    statement_timeout: bool = False
    advisory_lock: Literal["", "waits", "polls"] = ""
    flask: bool = False
    alembic: bool = False


def read_environment(path: Path) -> Environment:
    """Return the facts about an env.py; the defaults when it cannot be read."""
    text = read_text(path)
    if text is None:
        return Environment()
    code = _without_comments(text)
    options = _options(text)
    return Environment(
        per_migration="transaction_per_migration" in options,
        batch="render_as_batch" in options,
        lock_timeout="lock_timeout" in code,
        statement_timeout="statement_timeout" in code,
        advisory_lock="waits"
        if _WAITING_LOCK.search(code)
        else "polls"
        if _POLLING_LOCK.search(code)
        else "",
        flask=bool(_FLASK.search(code)),
        alembic="alembic" in code,
    )


def _without_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))


def _options(text: str) -> frozenset[str]:
    """Return the names that the online half gives as true, as keywords or in a dict."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return frozenset()
    found: set[str] = set()
    for part in tree.body:
        if isinstance(part, ast.FunctionDef) and part.name == "run_migrations_offline":
            continue
        for node in ast.walk(part):
            match node:
                case ast.keyword(arg=str(name), value=ast.Constant(value=True)):
                    found.add(name)
                case ast.Dict(keys=keys, values=values):
                    for key, value in zip(keys, values, strict=True):
                        match key, value:
                            case ast.Constant(value=str(name)), ast.Constant(value=True):
                                found.add(name)
                            case _:
                                pass
                case ast.Assign(
                    targets=[ast.Subscript(slice=ast.Constant(value=str(name)))],
                    value=ast.Constant(value=True),
                ):
                    found.add(name)
                case _:
                    pass
    return frozenset(found)
