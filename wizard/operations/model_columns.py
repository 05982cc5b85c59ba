"""One column as a line of a model, in SQLAlchemy, Django and SeaORM.

Defaults of the database are said where a framework would else send NULL, or a value of its own, in
their place.
"""

from __future__ import annotations

import re

from wizard.model.schema import Column, ForeignKey, Table
from wizard.operations.model_types import ModelType, model_type

_TEXT = re.compile(r"'((?:[^'\\]|'')*)'(?:::[\w\s().,\"]+)?")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
#: Words that cannot be names of attributes there; a name of an attribute may differ from a column's.
_PYTHON = frozenset(
    {
        "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif",
        "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda",
        "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
        "metadata", "registry",
    }
)  # fmt: skip
_AUTO = {
    "SmallIntegerField": "SmallAutoField",
    "IntegerField": "AutoField",
    "BigIntegerField": "BigAutoField",
}
_RUST = frozenset({"type", "match", "ref", "move", "mod", "use", "where", "loop", "impl", "struct",
                   "enum", "fn", "let", "box", "const", "static", "trait", "self", "super", "in",
                   "for", "while", "if", "else", "return", "as", "pub"})  # fmt: skip


def camel(name: str) -> str:
    """Return a name as a class is called."""
    parts = re.split(r"[^A-Za-z0-9]+", name)
    found = "".join(one[:1].upper() + one[1:] for one in parts if one) or "Model"
    return found if not found[0].isdigit() else f"Model{found}"


def attribute(name: str, taken: frozenset[str] = _PYTHON) -> str:
    """Return a column's name as an attribute may be called."""
    found = re.sub(r"\W", "_", name)
    if not found or found[0].isdigit() or found in taken:
        found = f"{found}_" if found in taken else f"c_{found}"
    return found


def _key_of(table: Table, column: Column) -> ForeignKey | None:
    """Return the foreign key of that column alone; also where it is about to be called otherwise."""
    return next((one for one in table.foreign_keys if one.columns == (column.name,)), None)


def sqlalchemy_column(table: Table, column: Column, name: str, *, mapped: bool = False) -> str:
    """Return an attribute of a declarative model, of the column ``name`` or mapped to its own."""
    found = model_type(column.base or column.type)
    own = attribute(name)
    arguments = []
    if mapped or own != name:
        arguments.append(_quoted(column.name if mapped else name))
    key = _key_of(table, column)
    if found is not None:
        arguments.append(found.sqlalchemy)
    if key is not None:
        arguments.append(f"ForeignKey({_quoted(f'{key.ref_table}.{key.ref_columns[0]}')})")
    if column.generated is not None:
        stored = ", persisted=True" if column.generated.stored else ""
        arguments.append(f"Computed({_quoted(column.generated.expression)}{stored})")
    if column.identity is not None:
        arguments.append("Identity()")
    if column.name in table.primary_key:
        arguments.append("primary_key=True")
    if column.default is not None:
        arguments.append(f"server_default=text({_quoted(column.default)})")
    python = "Any" if found is None else found.python
    hint = f"{python} | None" if column.nullable and found is not None else python
    if found is None and not column.nullable:
        arguments.append("nullable=False")
    line = f"{own}: Mapped[{hint}] = mapped_column({', '.join(arguments)})"
    return line if found is not None else f"{line}   # and its type as it stands: {column.type}"


def django_column(table: Table, column: Column, name: str, *, mapped: bool = False) -> str:
    """Return a field of a Django model, of the column ``name`` or mapped to its own."""
    found = model_type(column.base or column.type)
    shown = column.name if mapped else name
    key = _key_of(table, column)
    own = attribute(name).strip("_") or "field"
    arguments: list[str] = []
    if key is not None:
        # Django adds the _id of a key's column itself.
        own = own.removesuffix("_id")
        arguments += [_quoted(camel(key.ref_table.name)), "on_delete=models.DO_NOTHING"]
        kind = "ForeignKey"
        if shown != f"{own}_id":
            arguments.append(f"db_column={_quoted(shown)}")
    else:
        kind = "TextField" if found is None else found.django
        numbered = column.identity is not None or column.counter is not None
        if numbered and column.name in table.primary_key:
            kind = _AUTO.get(kind, kind)
        arguments += () if found is None else found.django_arguments
        if shown != own:
            arguments.append(f"db_column={_quoted(shown)}")
    if column.nullable:
        arguments += ["null=True", "blank=True"]
    if column.name in table.primary_key:
        arguments.append("primary_key=True")
    elif column.default is not None:
        arguments.append(_django_default(column.default, found))
    if column.generated is not None:
        return f"# the GeneratedField as it stands, called {own}, with db_column={_quoted(shown)}"
    line = f"{own} = models.{kind}({', '.join(arguments)})"
    if key is not None:
        return f"{line}   # the model of {key.ref_table.name}"
    return line if found is not None else f"{line}   # or its class as it stands, of {column.type}"


def seaorm_column(table: Table, column: Column, name: str, *, mapped: bool = False) -> str:
    """Return a field of a SeaORM entity, of the column ``name`` or mapped to its own."""
    found = model_type(column.base or column.type)
    own = re.sub(r"\W", "_", name)
    shown = column.name if mapped else name
    field = f"r#{own}" if own in _RUST else own
    inner = []
    if column.name in table.primary_key:
        numbered = column.identity is not None or column.counter is not None
        inner.append("primary_key" if numbered else "primary_key, auto_increment = false")
    if mapped or own != name:
        inner.append(f'column_name = "{shown}"')
    if found is not None and found.column_type:
        inner.append(f'column_type = "{found.column_type}"')
    lines = [f"#[sea_orm({', '.join(inner)})]"] if inner else []
    rust = "String" if found is None else found.rust
    whole = f"Option<{rust}>" if column.nullable else rust
    note = "" if found is not None else f"   // or its type as it stands, of {column.type}"
    if _key_of(table, column) is not None:
        note = f"   // relations on it: Column::{camel(own)}"
    return "\n".join([*lines, f"pub {field}: {whole},{note}"])


def _django_default(default: str, found: ModelType | None) -> str:
    text = _TEXT.fullmatch(default.strip())
    if text is not None and found is not None and found.python == "str":
        return f"default={_quoted(text[1].replace(chr(39) * 2, chr(39)))}"
    plain = default.strip().lower()
    if _NUMBER.fullmatch(plain) and found is not None and found.python in ("int", "float"):
        return f"default={plain}"
    if found is not None and found.python == "bool" and plain in ("true", "false", "1", "0"):
        return f"default={plain in ('true', '1')}"
    return f"db_default=RawSQL({_quoted(default)}, ())"


def _quoted(text: str) -> str:
    """Return text as a Python literal with double quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
