"""Django: apps found by reading, native operations where Django's SQL is the plan's, and a true state."""

from generators.base import Generator
from generators.django.generator import DjangoGenerator

GENERATOR: Generator = DjangoGenerator()
