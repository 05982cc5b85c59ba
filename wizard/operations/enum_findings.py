"""What to know when the values of an enumeration change, in words that several changes share."""

from __future__ import annotations

from wizard.model.findings import Finding, info, warning
from wizard.operations.base import Context
from wizard.operations.enum_steps import named_by
from wizard.operations.enum_values import Enumeration


def readers_first(value: str, *, where: str = "", safer: str) -> Finding:
    """Say that code has to know a value before it meets it."""
    return warning(
        "readers-first",
        f"An instance that does not know {value} fails when it reads a row with it"
        + (f": {where}." if where else "."),
        why="ORMs turn a value into a member of the code's own list, and raise when there is none.",
        safer=safer,
    )


def value_stays(value: str, name: str, *, safer: str = "") -> Finding:
    """Say that a type keeps a value that nothing uses."""
    return info(
        "value-stays",
        f"{value} stays in the list of {name}, which harms nothing.",
        why="The server has no command that takes a value away.",
        safer=safer,
    )


def texts_name(old: str, new: str) -> Finding:
    """Say what does not follow when a value is renamed in place."""
    return warning(
        "text-names-value",
        f"Functions, jobs and reports that say '{old}' in a text keep saying it, and fail.",
        why="Checks, defaults and indexes follow by themselves when a value is renamed in place. "
        "Nobody looks into the body of a function before it runs.",
        safer=f"Search them for '{old}', and let them say '{new}'.",
    )


def renaming(context: Context, found: Enumeration, old: str, new: str) -> tuple[Finding, ...]:
    """Return what to know when rows are changed over from one word to another."""
    findings = [
        info(
            "map-first",
            f"Renaming the member in the code and keeping the word {old} would need no migration "
            "at all.",
            safer="Choose --how map unless SQL outside the code must see the new word.",
        ),
        readers_first(
            new,
            safer=f"Three deploys: code that reads both words, then code that writes {new}, then "
            f"code without {old}.",
        ),
    ]
    naming = {str(use): named_by(context, use, old) for use in found.uses}
    listed = [f"{one} of {where}" for where, names in naming.items() for one in names]
    if listed:
        findings.append(
            warning(
                "value-named",
                f"{', '.join(listed)} says '{old}' and does not follow.",
                why="Rows get another value; what names the old one goes on looking for it, and a "
                "check may refuse the new one.",
                safer="Change each of them so that it takes both words before the rows change, "
                f"and to {new} alone at the end.",
            )
        )
    if found.enum is not None:
        findings.append(value_stays(old, found.name, safer="A check on each column forbids it."))
    return tuple(findings)
