"""Words for the screens: numbers, findings, errors and facts of a table, as styled text.

Names that come from a database are put in as text, never as markup.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from textual.content import Content

from wizard.model.counted import rows as counted_rows
from wizard.model.errors import MigwizError
from wizard.model.findings import Finding, Severity
from wizard.model.option import Option
from wizard.model.schema import Table

#: Quieter text; a blend, because the theme's own muted text is not defined for a span.
MUTED = "$foreground 60%"

MARKS = {
    Severity.INFO: ("i note", "$text-primary"),
    Severity.WARNING: ("! attention", "$text-warning"),
    Severity.DANGER: ("✗ danger", "$text-error"),
}


def lines(parts: Iterable[Content | str]) -> Content:
    """Join lines."""
    return Content("\n").join(Content(one) if isinstance(one, str) else one for one in parts)


def hang(
    first: Content | str, text: str, width: int, *, following: str = "", style: str = ""
) -> Content:
    """Return a text behind ``first``, broken so that its further lines stand below its start.

    ``following`` is drawn at the left of the further lines.
    """
    head = Content(first) if isinstance(first, str) else first
    room = max(12, width - head.cell_length)
    broken = textwrap.wrap(text, room, break_on_hyphens=False) or [""]
    rows = [Content.assemble(head, (broken[0], style) if style else broken[0])]
    for line in broken[1:]:
        left = Content.styled(following.ljust(head.cell_length), "$text-accent")
        rows.append(Content.assemble(left, (line, style) if style else line))
    return lines(rows)


def plural(count: int, noun: str, nouns: str = "") -> str:
    """Return ``1 file``, ``2 files``."""
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"


def human_count(count: int) -> str:
    """Say a count with the digits that matter: 118 M, 12 k, 7."""
    for limit, unit in ((10**9, "G"), (10**6, "M"), (10**4, "k")):
        if count >= limit:
            scaled = count / (limit if unit != "k" else 1_000)
            return f"{scaled:.1f} {unit}" if scaled < 10 else f"{scaled:.0f} {unit}"
    return f"{count:,}"


def human_bytes(size: int) -> str:
    """Say a size with a unit: 41 GB, 8.2 MB."""
    for power, unit in ((4, "TB"), (3, "GB"), (2, "MB"), (1, "kB")):
        if size >= 1024**power:
            scaled = size / 1024**power
            return f"{scaled:.1f} {unit}" if scaled < 10 else f"{scaled:.0f} {unit}"
    return f"{size} B"


def human_time(milliseconds: int) -> str:
    """Say a length of time: < 10 ms, 0.4 s, 16 s, 4 min."""
    if milliseconds < 1_000:
        return f"{milliseconds} ms"
    if milliseconds < 120_000:
        seconds = milliseconds / 1_000
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes = milliseconds / 60_000
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.0f} h"


def finding_text(finding: Finding, *, short: bool = False) -> Content:
    """Return a finding: its sign with its word, what, and unless short why and what is safer."""
    mark, style = MARKS[finding.severity]
    found = [Content.assemble((mark, f"bold {style}"), "  ", finding.what)]
    if not short:
        if finding.why:
            found.append(Content.styled(finding.why, MUTED))
        if finding.safer:
            found.append(Content.assemble(("safer  ", "$text-success"), finding.safer))
        if finding.reference:
            found.append(Content.styled(finding.reference, "italic $foreground 60%"))
    return lines(found)


def findings_text(findings: Sequence[Finding], *, short: bool = False) -> Content:
    """Return findings, the gravest first."""
    order = list(reversed(Severity))
    ranked = sorted(findings, key=lambda one: order.index(one.severity))
    return Content("\n" if short else "\n\n").join(finding_text(one, short=short) for one in ranked)


def option_text(option: Option) -> Content:
    """Return one way of a change: what it takes here, or why it cannot be taken."""
    found: list[Content | str] = [Content.styled(option.label, "bold")]
    if option.reasons:
        found += [Content.assemble(("✗ ", "$text-error"), one) for one in option.reasons]
        return lines(found)
    found.append(option.hint)
    if option.files:
        found.append(Content.styled(f"up    {option.lock_up or 'no lock'}", MUTED))
        found.append(Content.styled(f"down  {option.lock_down or 'no lock'}", MUTED))
        found.append(f"way back {option.way_back}")
    return lines(found)


def error_text(error: MigwizError) -> Content:
    """Return an error: what, why, and what to do next."""
    found = [Content.assemble(("✗ stopped", "bold $text-error"), "  ", error.message)]
    if error.why:
        found.append(Content.styled(error.why, MUTED))
    found += [Content.assemble(("→ ", "$text-success"), one) for one in error.next_actions]
    return lines(found)


def table_facts(table: Table) -> str:
    """Say in one line what a table is: its size, and what hangs on it."""
    found = []
    if table.rows is not None:
        found.append(f"≈ {counted_rows(table.rows, human_count(table.rows))}")
    if table.bytes is not None:
        found.append(human_bytes(table.bytes))
    if table.kind != "table":
        found.append(table.kind)
    for count, noun, nouns in (
        (len(table.indexes), "index", "indexes"),
        (len(table.triggers), "trigger", "triggers"),
        (len(table.partitions), "partition", "partitions"),
    ):
        if count:
            found.append(plural(count, noun, nouns))
    pointing = len(table.referenced_by)
    if pointing:
        found.append(f"{plural(pointing, 'foreign key')} point{'s' if pointing == 1 else ''} here")
    return " · ".join(found)


def column_users(table: Table, column: str) -> tuple[str, ...]:
    """Name what uses a column: indexes, constraints, triggers, views."""
    found = [
        f"index {one.name}" for one in table.indexes if column in one.columns and not one.constraint
    ]
    found += [f"check {one.name}" for one in table.checks if column in one.columns and one.name]
    found += [
        f"foreign key {one.name}"
        for one in table.foreign_keys
        if column in one.columns and one.name
    ]
    found += [
        f"foreign key of {one.table}"
        for one in table.referenced_by
        if column in one.foreign_key.ref_columns
    ]
    found += [str(one) for one in table.dependents if column in one.columns]
    return tuple(dict.fromkeys(found))


def doc_sections(doc: str) -> dict[str, str]:
    """Return an operation's text by its headings; the first line stands under an empty one."""
    sections: dict[str, list[str]] = {"": []}
    heading = ""
    for line in doc.splitlines():
        if line.startswith(" "):
            sections[heading].append(line.strip())
        elif line.strip():
            if heading or sections[""]:
                heading = line.strip()
                sections[heading] = []
            else:
                sections[""].append(line.strip())
    return {key: " ".join(text) for key, text in sections.items()}


def doc_text(doc: str, *, reference: bool = False) -> Content:
    """Return an operation's text for the Why pane."""
    found = []
    for heading, text in doc_sections(doc).items():
        if not heading:
            found.append(Content.styled(text.rstrip("."), "bold"))
        elif heading != "Reference" or reference:
            found.append(lines([Content.styled(heading, MUTED), text]))
    return Content("\n\n").join(found)
