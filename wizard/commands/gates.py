"""Asking people for what only they know, where there is a terminal to ask at."""

from __future__ import annotations

import sys

import click

from wizard.model.plan import Gate


def confirmed_by_people(phase: str, gate: Gate | None) -> bool:
    """Ask whether a gate holds of which only people know; False without a terminal."""
    if gate is None or not gate.people or not sys.stdin.isatty():
        return False
    sys.stderr.write(f"before {phase}: {gate.text}\n")
    return click.confirm("Does that hold?", default=False, err=True)
