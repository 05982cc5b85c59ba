"""Character sets and collations, as far as definitions leave them open.

Facts: SHOW CHARACTER SET of MySQL 8.0 and MariaDB 10.11.
"""

from __future__ import annotations

from collections.abc import Mapping

from wizard.database.mysql_server import Engine

# Where the default collation is not the one called `_general_ci`.
_DEFAULTS: Mapping[str, str] = {
    "big5": "big5_chinese_ci",
    "binary": "binary",
    "cp932": "cp932_japanese_ci",
    "dec8": "dec8_swedish_ci",
    "eucjpms": "eucjpms_japanese_ci",
    "euckr": "euckr_korean_ci",
    "gb18030": "gb18030_chinese_ci",
    "gb2312": "gb2312_chinese_ci",
    "gbk": "gbk_chinese_ci",
    "hp8": "hp8_english_ci",
    "latin1": "latin1_swedish_ci",
    "sjis": "sjis_japanese_ci",
    "swe7": "swe7_swedish_ci",
    "tis620": "tis620_thai_ci",
    "ujis": "ujis_japanese_ci",
}
_WIDTHS: Mapping[str, int] = {
    **dict.fromkeys(("big5", "cp932", "euckr", "gb2312", "gbk", "sjis", "ucs2"), 2),
    **dict.fromkeys(("eucjpms", "ujis", "utf8", "utf8mb3"), 3),
    **dict.fromkeys(("gb18030", "utf16", "utf16le", "utf32", "utf8mb4"), 4),
}


def collation_name(name: str, engine: Engine) -> str:
    """Return a collation as the engine calls it: ``utf8`` has been ``utf8mb3`` for some time."""
    lowered = name.lower()
    if lowered.startswith("utf8_") and engine.since((8, 0, 30), (10, 6)):
        return "utf8mb3" + lowered[4:]
    return lowered


def default_collation(charset: str, engine: Engine) -> str:
    """Return the collation that a character set has by itself."""
    name = charset.lower()
    if name == "utf8mb4" and engine.since((8, 0), None):
        return "utf8mb4_0900_ai_ci"
    return collation_name(_DEFAULTS.get(name, f"{name}_general_ci"), engine)


def charset_of(collation: str) -> str:
    """Return the character set to which a collation belongs."""
    return collation.partition("_")[0]


def binary_collation(collation: str) -> str:
    """Return the collation that compares bytes, of the same character set."""
    return f"{charset_of(collation)}_bin"


def width(collation: str | None) -> int:
    """Return the most bytes that one character takes; 4 where nothing is known."""
    return 4 if collation is None else _WIDTHS.get(charset_of(collation), 1)
