"""Names of database objects, and of the plans that change them."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass

_PART = re.compile(r'"((?:[^"]|"")+)"|`((?:[^`]|``)+)`|([^."`]+)')


@dataclass(frozen=True, slots=True, order=True)
class TableName:
    """A table's name; ``schema`` is None where the connection's own search path finds it."""

    name: str
    schema: str | None = None

    def __str__(self) -> str:
        parts = [self.schema, self.name] if self.schema else [self.name]
        return ".".join(_written(part) for part in parts)


def _written(part: str) -> str:
    """Return one part so that `parse_table_name` reads it back."""
    if part == part.strip() and not set(part) & set('."`'):
        return part
    doubled = part.replace('"', '""')
    return f'"{doubled}"'


def parse_table_name(text: str) -> TableName:
    """Read ``table`` or ``schema.table``; a part that holds a dot is written in double quotes.

    Raises ValueError when the text is empty or has more than two parts.
    """
    parts: list[str] = []
    rest = text.strip()
    while rest:
        match = _PART.match(rest)
        if match is None:
            raise ValueError(f"{text!r} is not a table name; write table or schema.table")
        double, back, bare = match.groups()
        if double is not None:
            parts.append(double.replace('""', '"'))
        elif back is not None:
            parts.append(back.replace("``", "`"))
        else:
            parts.append(bare.strip())
        rest = rest[match.end() :]
        if rest:
            if not rest.startswith(".") or rest == ".":
                raise ValueError(f"{text!r} is not a table name; write table or schema.table")
            rest = rest[1:]
    if not parts or len(parts) > 2 or not all(parts):
        raise ValueError(f"{text!r} is not a table name; write table or schema.table")
    return TableName(parts[-1], parts[0] if len(parts) == 2 else None)


_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{kind}{n}" for kind in ("com", "lpt") for n in range(1, 10))}
)


def slugify(text: str, *, separator: str = "_", limit: int = 60) -> str:
    """Return lower-case ASCII words joined by ``separator``, cut at a word border."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    slug = ""
    for word in words:
        longer = f"{slug}{separator}{word}" if slug else word
        if len(longer) > limit:
            break
        slug = longer
    slug = slug or (words[0][:limit] if words else "change")
    # Windows has no files of these names, whatever their ending.
    return f"{slug}{separator}change" if slug in _DEVICES else slug


def fit_name(text: str, *, limit: int) -> str:
    """Return ``text`` when it fits into ``limit`` bytes, else a cut name with a stable suffix."""
    if len(text.encode()) <= limit:
        return text
    import hashlib

    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    cut = text.encode()[: limit - 9].decode(errors="ignore").rstrip("_")
    return f"{cut}_{digest}"


def object_name(table: str, columns: str, suffix: str, taken: Container[str] = ()) -> str:
    """Return the name that PostgreSQL makes up, as ``orders_email_key``; numbered when taken.

    Cut as its ``makeObjectName`` cuts names.
    """
    for number in range(1_000):
        label = suffix + (str(number) if number else "")
        head, tail = table, columns
        room = 63 - len(label.encode()) - 1 - (1 if columns else 0)
        while len(head.encode()) + len(tail.encode()) > room:
            if len(head.encode()) > len(tail.encode()):
                head = head[:-1]
            else:
                tail = tail[:-1]
        name = "_".join(part for part in (head, tail, label) if part)
        if name not in taken:
            return name
    raise ValueError(f"a thousand constraints of {table} have no name")
