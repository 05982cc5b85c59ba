"""How a project's newest migrations are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from generators.seaorm.words import Idens

_DERIVED = re.compile(r"#\[derive\([^)]*\bDeriveMigrationName\b")
_LITERAL = re.compile(r"\bimpl\s+(?:\w+::)*MigrationName\s+for\s+Migration\b")
_ENUM = re.compile(r"#\[derive\([^)]*\b(?:DeriveIden|Iden)\b")
_ALIAS = re.compile(r"\bAlias::new\(")
_STRING = re.compile(
    r"(?:Table::(?:create|alter|drop)\(\)\s*\.table|ColumnDef::new|\b(?:string|integer|pk_auto|"
    r'big_integer|text|boolean|uuid)(?:_null|_uniq)?)\(\s*"'
)
_COMMENT = re.compile(r"//[^\n]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """Whether the name is derived from the file's, and how tables and columns are named."""

    name: Literal["derived", "literal"]
    idens: Idens


def read_style(texts: Sequence[str], version: tuple[int, int]) -> Style:
    """Return the style of some files, the newest first; else what the version's own tool does."""
    modern = version >= (2, 0)
    name: Literal["derived", "literal"] = "literal" if modern and not texts else "derived"
    for text in texts:
        plain = _COMMENT.sub("", text)
        if _DERIVED.search(plain):
            name = "derived"
            break
        if _LITERAL.search(plain):
            name = "literal"
            break
    return Style(name=name, idens=_idens(texts, modern))


def _idens(texts: Sequence[str], modern: bool) -> Idens:
    for text in texts:
        plain = _COMMENT.sub("", text)
        if _ENUM.search(plain):
            return "enum"
        if modern and _STRING.search(plain):
            return "string"
        if _ALIAS.search(plain):
            return "alias"
    return "string" if modern else "enum"
