"""SeaORM: migration crates, and module directories of them in other crates."""

from __future__ import annotations

from generators.base import Generator
from generators.seaorm.generator import SeaOrmGenerator

GENERATOR: Generator = SeaOrmGenerator()
