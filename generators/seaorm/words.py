"""How one file writes names: string aliases or the variants of DeriveIden enums, by version."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from generators.seaorm.rust import string
from wizard.dialects.base import Dialect
from wizard.model.names import TableName

Idens = Literal["string", "alias", "enum"]

#: Names that the derive makes of their variants by itself: ABC would be abc, not a_b_c.
_SIMPLE = re.compile(r"[a-z]{2,}(_[a-z]{2,})*")
#: Names that every sea-query puts into its own quotes without changing them.
_PLAIN = re.compile(r"[^\W\d][\w $-]*")
_VARIANT = re.compile(r"[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """What a file's code is written for. ``enums`` collects the names that must be declared."""

    dialect: Dialect
    #: Major and minor version of sea-orm-migration.
    version: tuple[int, int]
    idens: Idens
    enums: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def modern(self) -> bool:
        """Whether this is SeaORM 2 or later."""
        return self.version >= (2, 0)

    def name(self, text: str) -> str:
        """Return a name that belongs to no table's enum."""
        return string(text) if self.idens == "string" else f"Alias::new({string(text)})"

    def table(self, name: TableName) -> str:
        """Return a table, with its schema where it has one."""
        table = self._of(name.name, None)
        return f"({self.name(name.schema)}, {table})" if name.schema else table

    def column(self, table: TableName, name: str) -> str:
        """Return a column of a table."""
        return self._of(table.name, name)

    def _of(self, table: str, column: str | None) -> str:
        if self.idens != "enum":
            return self.name(table if column is None else column)
        enum = _camel(table)
        if enum is None or (column is not None and _camel(column) in (None, "Table")):
            return self.name(table if column is None else column)
        known = self.enums.setdefault(enum, {"Table": table})
        if known["Table"] != table:
            # Two tables that would have one enum: SEA and Sea.
            return self.name(table if column is None else column)
        variant = "Table" if column is None else _camel(column) or ""
        if known.setdefault(variant, table if column is None else column) != (column or table):
            return self.name(column or table)
        return f"{enum}::{variant}"

    def declared(self) -> list[str]:
        """Return the enums of the names that were used."""
        lines: list[str] = []
        for enum, variants in self.enums.items():
            # SeaORM 1 reads the name of a table on its variant, and not on the enum.
            lines += ["", "#[derive(DeriveIden)]", f"enum {enum} {{"]
            for variant, name in variants.items():
                if not _SIMPLE.fullmatch(name):
                    lines.append(f"    #[sea_orm(iden = {string(name)})]")
                lines.append(f"    {variant},")
            lines.append("}")
        return lines


def plain(*names: str | None) -> bool:
    """Tell whether sea-query can quote all these names: it takes quotes in some as they are."""
    return all(one is None or _PLAIN.fullmatch(one) for one in names)


def _camel(name: str) -> str | None:
    """Return the name as a variant's, None where it has letters that Rust's names have not."""
    parts = _VARIANT.findall(name)
    camel = "".join(part[0].upper() + part[1:] for part in parts)
    if not camel or not camel[0].isalpha() or camel == "Self" or not name.isascii():
        return None
    return camel
