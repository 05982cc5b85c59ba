"""A field with another type: what is its own stays, what belongs to the old type goes."""

from __future__ import annotations

from dataclasses import replace

from generators.django.fields import TYPE_ARGUMENTS
from generators.django.source import Call

_AUTO = {
    "SmallIntegerField": "SmallAutoField",
    "IntegerField": "AutoField",
    "BigIntegerField": "BigAutoField",
}
#: Fields with the type of another one, which say more than it.
_LIKE = {
    "EmailField": "CharField", "SlugField": "CharField", "URLField": "CharField",
    "FileField": "CharField", "ImageField": "CharField", "FilePathField": "CharField",
    "PositiveIntegerField": "IntegerField", "PositiveSmallIntegerField": "SmallIntegerField",
    "PositiveBigIntegerField": "BigIntegerField",
}  # fmt: skip


def retyped(field: Call, kind: Call) -> Call | None:
    """Return the field with the type of ``kind``; None for a class that is none of Django's own."""
    if not field.function.startswith("models."):
        return None
    function = kind.function
    if field.kind in _AUTO.values():
        auto = _AUTO.get(kind.kind)
        if auto is None:
            return None
        function = f"models.{auto}"
    elif _LIKE.get(field.kind) == kind.kind:
        function = field.function
    kept = tuple(one for one in field.keywords if one[0] not in TYPE_ARGUMENTS)
    return replace(field, function=function, keywords=(*kind.keywords, *kept))
