"""What the loops of all Python files say of errors after which a batch is tried again."""

from __future__ import annotations

from generators.python.code import Quotes

#: How often a batch is tried before the run gives up; it waits a second longer each time.
ATTEMPTS = 10
#: After each batch it rests for this share of the time which that took.
REST = "0.2"
ABOUT_REST = "Pause after each batch, as a share of the time that it took; 1.0 halves the speed."
_CODES = ("40001", "40P01", "55P03")


def not_passing(dialect: str, error: str, quotes: Quotes) -> list[str]:
    """Return lines up to a condition: the error is none that passes by itself.

    ``error`` is the driver's exception. Deadlocks and locks that were held for too long pass, and
    what CockroachDB wants to be tried again.
    """
    given_up = f"failed == {ATTEMPTS}"
    if dialect == "postgresql":
        listed = ", ".join(map(quotes.text, _CODES))
        return [
            f"code = getattr({error}, {quotes.text('pgcode')}, None)",
            f"code = getattr({error}, {quotes.text('sqlstate')}, code)",
            f"if {given_up} or code not in ({listed}):",
        ]
    if dialect == "sqlite":
        return [f"if {given_up} or {quotes.text('locked')} not in str({error}):"]
    return [f"if {given_up} or {error}.args[0] not in (1205, 1213):"]
