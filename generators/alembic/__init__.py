"""Alembic: projects found by reading, files rendered through the project's own template."""

from generators.alembic.generator import AlembicGenerator
from generators.base import Generator

GENERATOR: Generator = AlembicGenerator()
