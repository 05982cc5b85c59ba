"""What a developer changes in the models, per framework, for the phases of a plan."""

from __future__ import annotations

from wizard.model.names import TableName, slugify
from wizard.model.plan import PhaseName, Snippet
from wizard.model.schema import Column


def mapped_names(column: Column, new: str, *, phase: PhaseName = "expand") -> tuple[Snippet, ...]:
    """Return how each framework calls a column ``new`` in code and ``column.name`` in SQL."""
    old = column.name
    return (
        Snippet(
            phase=phase,
            title="SQLAlchemy",
            text=f'{new}: Mapped[…] = mapped_column("{old}")   # the column keeps its name',
        ),
        Snippet(
            phase=phase,
            title="Django",
            text=f'{new} = models.…Field(db_column="{old}")   # makemigrations: RenameField and '
            "AlterField, wrapped in SeparateDatabaseAndState, change no table",
        ),
        Snippet(
            phase=phase,
            title="SeaORM",
            text=f'#[sea_orm(column_name = "{old}")]\npub {new}: …,',
        ),
    )


def one_name(new: str, old: str, *, phase: PhaseName) -> tuple[Snippet, ...]:
    """Return how each framework says only the new name, for the deploy after the backfill."""
    return (
        Snippet(
            phase=phase,
            title="SQLAlchemy",
            text=f"{new}: Mapped[…] = mapped_column()   # and no attribute for {old}",
        ),
        Snippet(
            phase=phase,
            title="Django",
            text=f"{new} = models.…Field()   # {old} leaves the model; the state changes in "
            "SeparateDatabaseAndState",
        ),
        Snippet(phase=phase, title="SeaORM", text=f"pub {new}: …,   // and no field for {old}"),
    )


def retyped(column: Column, to: Column, *, phase: PhaseName) -> tuple[Snippet, ...]:
    """Return how each framework says a column's new type, whatever its own migration would do."""
    name = column.name
    return (
        Snippet(
            phase=phase,
            title="SQLAlchemy",
            text=f"{name}: Mapped[…] = mapped_column(…)   # {to.type} in place of {column.type}",
        ),
        Snippet(
            phase=phase,
            title="Django",
            text=f"{name} = models.…Field()   # {to.type}; makemigrations: wrap AlterField in "
            "SeparateDatabaseAndState(state_operations=…)",
        ),
        Snippet(phase=phase, title="SeaORM", text=f"pub {name}: …,   // {to.type}"),
    )


def unmapped(table: TableName, column: Column, *, phase: PhaseName) -> tuple[Snippet, ...]:
    """Return how each framework stops to know a column that is still there."""
    name = column.name
    return (
        Snippet(
            phase=phase,
            title="SQLAlchemy",
            text=f"# remove the attribute of {name}; until the column is gone, autogenerate would "
            f"drop it:\n# def include_object(one, name, kind, *_): "
            f'return (kind, name) != ("column", "{name}")',
        ),
        Snippet(
            phase=phase,
            title="Django",
            text=f"migrations.SeparateDatabaseAndState(state_operations=[\n"
            f'    migrations.RemoveField("{table.name}", "{name}")])   # the model forgets it, the '
            "table keeps it",
        ),
        Snippet(
            phase=phase,
            title="SeaORM",
            text=f"// remove the field {name} from the entity: queries name their columns",
        ),
    )


def mapped_table(old: str, new: str) -> tuple[Snippet, ...]:
    """Return how each framework calls a model after ``new`` while the table is called ``old``."""
    return _models(
        old,
        phase="expand",
        comment="the table keeps its name",
        django=f"{new}: RenameModel changes no table while db_table stays",
    )


def named_table(new: str, *, phase: PhaseName) -> tuple[Snippet, ...]:
    """Return how each framework says the new name of a table."""
    return _models(
        new,
        phase=phase,
        comment="the new name",
        django="makemigrations: wrap AlterModelTable in SeparateDatabaseAndState",
    )


def _models(name: str, *, phase: PhaseName, comment: str, django: str) -> tuple[Snippet, ...]:
    return (
        Snippet(
            phase=phase,
            title="SQLAlchemy",
            text=f'class …(Base):\n    __tablename__ = "{name}"   # {comment}',
        ),
        Snippet(
            phase=phase,
            title="Django",
            text=f'class …(models.Model):\n    class Meta:\n        db_table = "{name}"   # {django}',
        ),
        Snippet(
            phase=phase,
            title="SeaORM",
            text=f'#[sea_orm(table_name = "{name}")]   // {comment}\npub struct Model {{ … }}',
        ),
    )


def no_table(name: str, *, phase: PhaseName) -> tuple[Snippet, ...]:
    """Return how each framework forgets a table before the database does."""
    return (
        Snippet(
            phase=phase,
            title="SQLAlchemy",
            text=f"delete the class of {name}, and relationships that lead to it",
        ),
        Snippet(
            phase=phase,
            title="Django",
            text="delete the model; wrap DeleteModel in SeparateDatabaseAndState(state_operations=…)"
            ", so that it drops nothing by itself",
        ),
        Snippet(phase=phase, title="SeaORM", text=f"delete the entity of {name} and its relations"),
    )


def mapped_value(old: str, new: str) -> tuple[Snippet, ...]:
    """Return how each framework calls a member ``new`` while the database says ``old``."""
    member = slugify(new).upper()
    return (
        Snippet(
            phase="expand",
            title="SQLAlchemy",
            text=f'class …(enum.Enum):\n    {member} = "{old}"\n\n'
            "Enum(…, values_callable=lambda one: [each.value for each in one])",
        ),
        Snippet(
            phase="expand",
            title="Django",
            text=f'class …(models.TextChoices):\n    {member} = "{old}", "{new}"',
        ),
        Snippet(
            phase="expand",
            title="SeaORM",
            text=f'#[sea_orm(string_value = "{old}")]\n{member.title().replace("_", "")},',
        ),
    )
