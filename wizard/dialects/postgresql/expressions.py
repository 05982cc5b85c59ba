"""How a default of PostgreSQL is worked out: once for all rows, or anew for each.

``provolatile`` of the server decides whether ADD COLUMN rewrites the table: immutable and stable
expressions are worked out once (safety.md §0.9), volatile ones for each row.
"""

from __future__ import annotations

from wizard.dialects.base import DefaultKind
from wizard.dialects.lexing import Token, Unreadable, tokens, unquoted, word_set

# Functions of which no form is volatile, by pg_proc; a test compares them with the servers'.
STABLE = word_set(
    """
    age concat concat_ws current_database current_schema current_setting current_user date_trunc
    format inet_client_addr inet_server_addr json_build_array json_build_object jsonb_build_array
    jsonb_build_object localtime localtimestamp now obj_description pg_backend_pid pg_get_userbyid
    pg_postmaster_start_time quote_literal quote_nullable row_to_json session_user
    statement_timestamp to_char to_date to_json to_jsonb to_regclass to_timestamp to_tsvector
    transaction_timestamp txid_current array_to_string json_object date_part extract timezone
    array_to_json to_number hashtext length
    """
)
IMMUTABLE = word_set(
    """
    abs array_append array_cat array_fill array_length array_position array_prepend array_remove
    ascii bit_length btrim cbrt ceil ceiling char_length character_length chr daterange decode
    div encode exp floor initcap int4range int8range jsonb_set jsonb_strip_nulls left ln
    log lower lpad ltrim make_date make_interval make_time make_timestamp md5 mod numrange
    octet_length overlay pi point position power quote_ident regexp_replace repeat replace reverse
    right round rpad rtrim sha224 sha256 sha384 sha512 sign split_part sqrt string_to_array strpos
    substr substring to_hex translate trim trunc tsrange upper justify_days justify_hours
    justify_interval isfinite jsonb_extract_path jsonb_extract_path_text starts_with unistr
    """
)
# Grammar and names of types, not functions.
_FORMS = word_set(
    "all and any array between bit case cast char character coalesce decimal distinct else end "
    "exists filter greatest in interval is least like not nullif numeric or over row then time "
    "timestamp values varchar varying when"
)
# Stable without parentheses.
_NILADIC = word_set(
    "current_catalog current_date current_role current_schema current_time current_timestamp "
    "current_user localtime localtimestamp session_user system_user user"
)


def default_kind(expression: str | None) -> DefaultKind:
    """Tell how a default is worked out; unknown functions count as volatile."""
    if expression is None or expression.strip().upper() in ("", "NULL"):
        return DefaultKind.NONE
    try:
        found = tokens(expression, "postgresql")
    except Unreadable:
        return DefaultKind.VOLATILE
    stable = False
    for index, one in enumerate(found):
        after = found[index + 1].text if index + 1 < len(found) else ""
        name = unquoted(one, "postgresql") if one.kind in ("word", "name") else ""
        if not name or _is_type(found, index):
            continue
        if one.kind == "word" and name == "select":
            return DefaultKind.VOLATILE
        if one.kind == "word" and name in _NILADIC:
            stable = True
        elif after == "(" and name not in _FORMS:
            if _foreign(found, index) or (name not in STABLE and name not in IMMUTABLE):
                return DefaultKind.VOLATILE
            stable = stable or name in STABLE
    return DefaultKind.STABLE if stable else DefaultKind.CONSTANT


def _foreign(found: tuple[Token, ...], index: int) -> bool:
    """Tell whether a function is called from a schema other than the system's own."""
    if index < 2 or found[index - 1].text != ".":
        return False
    return unquoted(found[index - 2], "postgresql") != "pg_catalog"


def _is_type(found: tuple[Token, ...], index: int) -> bool:
    """Tell whether a name is the type of a cast, whose modifier looks like a call."""
    at = index - 1
    while at > 0 and found[at].text == ".":
        at -= 2
    return at >= 0 and (found[at].text == "::" or found[at].upper == "AS")
