"""Names that Django gives: fields of columns, models of tables."""

from __future__ import annotations

import keyword
import re

_WORD = re.compile(r"[^a-z0-9_]+")


def field_name(column: str) -> str:
    """Return a field's name for a column; where the two differ the field names its column."""
    name = re.sub(r"_+", "_", _WORD.sub("_", column.lower())).strip("_") or "field"
    if name[0].isdigit() or keyword.iskeyword(name) or name == "pk":
        name = f"field_{name}"
    return name


def relation_name(column: str) -> str:
    """Return the name of a foreign key's field: the column's without ``_id``."""
    name = field_name(column)
    return name.removesuffix("_id") or name


def model_name(table: str, app: str) -> str:
    """Return a model's name for a table: its words without the app's, the last one singular."""
    plain = table.removeprefix(f"{app}_")
    words = [one for one in re.split(r"[^A-Za-z0-9]+", plain) if one]
    if words:
        words[-1] = _singular(words[-1])
    name = "".join(one[:1].upper() + one[1:] for one in words) or "Table"
    return f"Table{name}" if name[0].isdigit() else name


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
