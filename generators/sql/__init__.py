"""Raw SQL files, in the layouts of several runners."""

from __future__ import annotations

from generators.sql.generator import SqlGenerator

GENERATOR = SqlGenerator()
