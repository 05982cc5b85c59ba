"""Words in code: sentences, and text that may stand in a docstring."""

from __future__ import annotations

import re


def sentence(told: str) -> str:
    """Return a phrase as a sentence; a name at its start keeps its case."""
    first = told.partition(" ")[0]
    if first.isalpha():
        told = told[:1].upper() + told[1:]
    return told if told.endswith((".", "!", "?")) else told + "."


def docstring_text(told: str) -> str:
    """Return a text that can stand inside a docstring."""
    told = told.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return re.sub(r'"$', '\\"', told)
