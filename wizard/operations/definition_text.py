"""Columns, constraints and indexes of an answers file as the one line that a flag takes.

The other direction of `wizard.operations.definitions`, for the headless twin of a wizard's run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from wizard.model.answers import Value
from wizard.model.names import parse_table_name

_PLAIN = re.compile(r"[A-Za-z_]\w*")


def definition_text(entry: Mapping[str, Value]) -> str | None:
    """Return the text of one entry, None for a mapping that is no definition."""
    if entry.get("name") is not None and entry.get("expression") is not None:
        return _made(entry)
    if entry.get("name") is not None and entry.get("type") is not None:
        return _column(entry)
    if {"check", "references"} & set(entry) or isinstance(entry.get("unique"), tuple | str):
        return _constraint(entry)
    if "columns" in entry and "table" not in entry:
        return _index(entry)
    return None


def _made(entry: Mapping[str, Value]) -> str:
    words = [_name(entry["name"])]
    words += [str(entry["type"])] if entry.get("type") is not None else []
    if entry.get("nullable") is not None:
        words.append("optional" if entry["nullable"] else "required")
    return " ".join((*words, "=", str(entry["expression"])))


def _column(entry: Mapping[str, Value]) -> str:
    words = [_name(entry["name"]), str(entry["type"])]
    if entry.get("nullable") is not None:
        words.append("optional" if entry["nullable"] else "required")
    if entry.get("identity"):
        words.append("identity always" if entry["identity"] == "always" else "identity")
    if entry.get("generated") is not None:
        words.append(f"generated ({entry['generated']})")
    if entry.get("stored") is not None:
        words.append("stored" if entry["stored"] else "virtual")
    if entry.get("default") is not None:
        words.append(f"default {entry['default']}")
    words += ["unique"] if entry.get("unique") else []
    words += ["primary key"] if entry.get("primary_key") else []
    if entry.get("references") is not None:
        words.append(_reference(entry["references"]))
    if entry.get("check") is not None:
        words.append(f"check ({entry['check']})")
    if entry.get("comment") is not None:
        words.append(f"comment {_text(entry['comment'])}")
    return " ".join(words)


def _constraint(entry: Mapping[str, Value]) -> str:
    words = [f"constraint {_name(entry['name'])}"] if entry.get("name") else []
    if entry.get("check") is not None:
        words.append(f"check ({entry['check']})")
    elif entry.get("references") is not None:
        words.append(f"foreign key ({_names(entry.get('columns'))})")
        words.append(_reference(entry["references"]))
    else:
        words.append("unique nulls not distinct" if entry.get("nulls_not_distinct") else "unique")
        words.append(f"({_names(entry.get('unique'))})")
    if entry.get("deferrable"):
        words.append("deferrable")
        words += ["initially deferred"] if entry.get("initially") == "deferred" else []
    return " ".join(words)


def _index(entry: Mapping[str, Value]) -> str:
    words = ["unique"] if entry.get("unique") else []
    words += [_name(entry["name"])] if entry.get("name") else []
    words.append(f"({_keys(entry['columns'])})")
    words += [f"include ({_names(entry['include'])})"] if entry.get("include") else []
    words += [f"using {entry['method']}"] if entry.get("method") else []
    words += [f"where {entry['where']}"] if entry.get("where") else []
    return " ".join(words)


def _keys(value: Value) -> str:
    entries = value if isinstance(value, tuple) else (value,)
    return ", ".join(_key(one) for one in entries)


def _key(value: Value) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    words = [str(value.get("name") or value.get("expression"))]
    words += ["desc"] if value.get("order") == "desc" else []
    words += [f"nulls {value['nulls']}"] if value.get("nulls") else []
    return " ".join(words)


def _reference(value: Value) -> str:
    if not isinstance(value, Mapping):
        table, bracket, rest = str(value).partition("(")
        return f"references {_qualified(table)}{bracket}{rest}"
    words = [f"references {_qualified(str(value.get('table')))}"]
    words += [f"({_names(value['columns'])})"] if value.get("columns") else []
    for key, moment in (("on_delete", "on delete"), ("on_update", "on update")):
        words += [f"{moment} {value[key]}"] if value.get(key) else []
    return " ".join(words)


def _qualified(text: str) -> str:
    try:
        name = parse_table_name(text)
    except ValueError:
        return text
    return ".".join(_name(one) for one in (name.schema, name.name) if one)


def _names(value: Value) -> str:
    names = value if isinstance(value, tuple) else str(value).split(",")
    return ", ".join(_name(str(one).strip()) for one in names)


def _name(value: Value) -> str:
    text = str(value)
    if _PLAIN.fullmatch(text):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _text(value: Value) -> str:
    doubled = str(value).replace("'", "''")
    return f"'{doubled}'"
