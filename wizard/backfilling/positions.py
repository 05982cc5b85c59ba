"""Keys as text that a table can hold: exactly what the driver gave, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

Key = tuple[object, ...]


def write(key: Sequence[object]) -> str:
    """Return a key as JSON; raises TypeError for a type that no driver hands over for a key."""
    return json.dumps([_told(one) for one in key], ensure_ascii=False)


def read(text: str) -> Key:
    """Return the key that `write` has written."""
    return tuple(_meant(one) for one in json.loads(text))


def shown(key: Sequence[object]) -> str:
    """Return a key for people."""
    return ", ".join(one.hex() if isinstance(one, bytes) else str(one) for one in key)


def _told(value: object) -> object:
    match value:
        case bool() | int() | float() | str():
            return value
        case bytes() | bytearray():
            return {"bytes": bytes(value).hex()}
        case Decimal():
            return {"decimal": str(value)}
        case datetime():
            return {"datetime": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
        case time():
            return {"time": value.isoformat()}
        case timedelta():
            return {"seconds": [value.days, value.seconds, value.microseconds]}
        case UUID():
            return {"uuid": str(value)}
        case _:
            raise TypeError(f"a key of {type(value).__name__}")


def _meant(value: Any) -> object:
    if not isinstance(value, dict):
        return value
    ((kind, told),) = value.items()
    match kind:
        case "bytes":
            return bytes.fromhex(told)
        case "decimal":
            return Decimal(told)
        case "datetime":
            return datetime.fromisoformat(told)
        case "date":
            return date.fromisoformat(told)
        case "time":
            return time.fromisoformat(told)
        case "seconds":
            return timedelta(days=told[0], seconds=told[1], microseconds=told[2])
        case "uuid":
            return UUID(told)
        case _:
            raise ValueError(f"a key of {kind}")
