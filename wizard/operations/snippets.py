"""What a developer changes in the models, per framework, for each deploy of a plan."""

from __future__ import annotations

import re
from dataclasses import replace

from wizard.model.names import TableName, slugify
from wizard.model.plan import PhaseName, Snippet
from wizard.model.schema import Column, Table
from wizard.operations.model_columns import (
    camel,
    django_column,
    seaorm_column,
    sqlalchemy_column,
)

#: Django's own migration would change the table again.
_STATE_ONLY = (
    "makemigrations: put its operations into SeparateDatabaseAndState(state_operations=[…]), so "
    "that they change no table"
)


def _three(phase: PhaseName, sqlalchemy: str, django: str, seaorm: str) -> tuple[Snippet, ...]:
    return (
        Snippet(phase=phase, title="SQLAlchemy", text=sqlalchemy),
        Snippet(phase=phase, title="Django", text=django),
        Snippet(phase=phase, title="SeaORM", text=seaorm),
    )


def mapped_names(
    table: Table, column: Column, new: str, *, phase: PhaseName = "expand", note: str = ""
) -> tuple[Snippet, ...]:
    """Return how each framework calls a column ``new`` in code and ``column.name`` in SQL.

    ``note`` says what is read and written; that the column keeps its name where it is empty.
    """
    said = note or f"the column keeps its name {column.name}: no change of the database"
    return _three(
        phase,
        f"# {said}\n{sqlalchemy_column(table, column, new, mapped=True)}",
        f"# {said}\n# {_STATE_ONLY}\n{django_column(table, column, new, mapped=True)}",
        f"// {said}\n{seaorm_column(table, column, new, mapped=True)}",
    )


def one_name(
    table: Table, column: Column, new: str, *, phase: PhaseName, note: str = ""
) -> tuple[Snippet, ...]:
    """Return how each framework says only the new name."""
    said = note or f"reads and writes {new}, and no field says {column.name} any more"
    return _three(
        phase,
        f"# {said}\n{sqlalchemy_column(table, column, new)}",
        f"# {said}\n# {_STATE_ONLY}\n{django_column(table, column, new)}",
        f"// {said}\n{seaorm_column(table, column, new)}",
    )


def renamed_in_steps(
    table: Table, column: Column, new: str, *, stopped: bool
) -> tuple[Snippet, ...]:
    """Return the models of both deploys of a rename during which both names are there."""
    if stopped:
        return one_name(table, column, new, phase="switch")
    old = column.name
    return (
        *mapped_names(
            table,
            column,
            new,
            note=f"first deploy, may be left out: the code says {new}, still reads and writes {old}",
        ),
        *one_name(
            table,
            column,
            new,
            phase="contract",
            note=f"second deploy, before contract: reads and writes {new}; nothing says {old}",
        ),
    )


def retyped(table: Table, column: Column, to: Column, *, phase: PhaseName) -> tuple[Snippet, ...]:
    """Return how each framework says a column's new type, whatever its own migration would do."""
    said = f"{to.type} in place of {column.type}"
    name = column.name
    return _three(
        phase,
        f"# {said}\n{sqlalchemy_column(table, to, name)}",
        f"# {said}\n# {_STATE_ONLY}\n{django_column(table, to, name)}",
        f"// {said}\n{seaorm_column(table, to, name)}",
    )


def required(table: Table, column: Column, *, phase: PhaseName) -> tuple[Snippet, ...]:
    """Return how each framework says that a column always has a value."""
    full = replace(column, nullable=False)
    said = f"always has a value: every INSERT and UPDATE writes {column.name}"
    return _three(
        phase,
        f"# {said}\n{sqlalchemy_column(table, full, column.name)}",
        f"# {said}\n# {_STATE_ONLY}\n{django_column(table, full, column.name)}",
        f"// {said}\n{seaorm_column(table, full, column.name)}",
    )


def unmapped(table: TableName, column: Column, *, phase: PhaseName) -> tuple[Snippet, ...]:
    """Return how each framework stops to know a column that is still there."""
    name = column.name
    return _three(
        phase,
        f"# remove the attribute of {name}; until the column is gone, autogenerate would drop it:\n"
        f"# env.py, context.configure(include_object=include_object):\n"
        f"def include_object(one, name, kind, *_):\n"
        f'    return (kind, name) != ("column", "{name}")',
        "# the model forgets it, the table keeps it\n"
        "migrations.SeparateDatabaseAndState(state_operations=[\n"
        f'    migrations.RemoveField("{camel(table.name)}", "{_attribute(name)}"),\n])',
        f"// remove the field {name} from the entity: queries name their columns",
    )


def _attribute(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_]\w*", name) else slugify(name)


def mapped_table(
    old: TableName, new: str, *, phase: PhaseName = "expand", note: str = ""
) -> tuple[Snippet, ...]:
    """Return how each framework calls a model after ``new`` while the table is called ``old``."""
    said = note or f"the table keeps its name {old.name}: no change of the database"
    return _models(old, old.name, camel(new), phase=phase, said=said)


def named_table(
    old: TableName, new: str, *, phase: PhaseName, note: str = ""
) -> tuple[Snippet, ...]:
    """Return how each framework says the new name of a table."""
    said = note or f"says {new}, and nothing says {old.name} any more"
    return _models(old, new, camel(new), phase=phase, said=said)


def _models(
    old: TableName, name: str, model: str, *, phase: PhaseName, said: str
) -> tuple[Snippet, ...]:
    schema = old.schema
    args = f'\n    __table_args__ = {{"schema": "{schema}"}}' if schema else ""
    attribute = f'schema_name = "{schema}", ' if schema else ""
    return _three(
        phase,
        f'# {said}; all columns stay\nclass {model}(Base):\n    __tablename__ = "{name}"{args}',
        f"# {said}; all fields stay\n# {_STATE_ONLY}\n"
        f'class {model}(models.Model):\n    class Meta:\n        db_table = "{name}"',
        f"// {said}; all fields stay\n"
        "#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]\n"
        f'#[sea_orm({attribute}table_name = "{name}")]\npub struct Model {{',
    )


def no_table(name: str, *, phase: PhaseName) -> tuple[Snippet, ...]:
    """Return how each framework forgets a table before the database does."""
    return _three(
        phase,
        f"# delete the class {camel(name)}, and relationships that lead to it",
        "# delete the model; the table stays until the migration of this plan\n"
        "migrations.SeparateDatabaseAndState(state_operations=[\n"
        f'    migrations.DeleteModel("{camel(name)}"),\n])',
        f"// delete the entity of {name}, and the relations that lead to it",
    )


def mapped_value(old: str, new: str) -> tuple[Snippet, ...]:
    """Return how each framework calls a member ``new`` while the database says ``old``."""
    member = slugify(new).upper()
    return _three(
        "expand",
        f'class …(enum.Enum):\n    {member} = "{old}"\n\n'
        "Enum(…, values_callable=lambda one: [each.value for each in one])",
        f'class …(models.TextChoices):\n    {member} = "{old}", "{new}"',
        f'#[sea_orm(string_value = "{old}")]\n{member.title().replace("_", "")},',
    )
