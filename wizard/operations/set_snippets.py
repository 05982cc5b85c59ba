"""What a developer changes in the models when columns take the place of others, per framework."""

from __future__ import annotations

from wizard.model.plan import PhaseName, Snippet


def other_columns(
    news: tuple[str, ...], olds: tuple[str, ...], *, phase: PhaseName
) -> tuple[Snippet, ...]:
    """Return how each framework knows the new columns and no longer the old ones."""
    gone = ", ".join(olds)

    def lines(form: str) -> str:
        return "\n".join(form.format(name=one) for one in news)

    return (
        Snippet(
            phase=phase,
            title="SQLAlchemy",
            text=lines("{name}: Mapped[…] = mapped_column()") + f"\n# and no attribute for {gone}",
        ),
        Snippet(
            phase=phase,
            title="Django",
            text=lines("{name} = models.…Field()")
            + f"\n# and no field for {gone}; the state changes in SeparateDatabaseAndState",
        ),
        Snippet(
            phase=phase,
            title="SeaORM",
            text=lines("pub {name}: …,") + f"\n// and no field for {gone}",
        ),
    )
