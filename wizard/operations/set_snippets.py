"""What a developer changes in the models when columns take the place of others, per framework."""

from __future__ import annotations

from wizard.model.plan import PhaseName, Snippet

PHASES: tuple[PhaseName, ...] = ("expand", "contract")


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


def other_table(*, old: tuple[str, str], new: tuple[str, str]) -> tuple[Snippet, ...]:
    """Return how each framework knows a column of another table, which writes both for a while."""
    (was, gone), (now, name) = old, new
    both = f"writes both {was}.{gone} and {now}.{name} in one transaction, {was} first"
    forms = (
        ("SQLAlchemy", "#", "{name}: Mapped[…] = mapped_column()", "attribute"),
        ("Django", "#", "{name} = models.…Field()", "field"),
        ("SeaORM", "//", "pub {name}: …,", "field"),
    )
    return tuple(
        Snippet(
            phase=phase,
            title=title,
            text=f"{mark} in the model of {now}\n{form.format(name=name)}\n{mark} "
            + (both if phase == "expand" else f"and no {word} for {gone} in the model of {was}"),
        )
        for phase in PHASES
        for title, mark, form, word in forms
    )
