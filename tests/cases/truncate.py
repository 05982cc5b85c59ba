"""Truncate: refused everywhere."""

from __future__ import annotations

from cases import Case

CASE = Case(example={"table": "visits"}, refused=True)
