"""What a developer changes in the models, per framework, for the phases of a plan."""

from __future__ import annotations

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
