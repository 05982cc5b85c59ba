"""Schemas in a form in which what may differ after an upgrade and its downgrade does not count."""

from __future__ import annotations

from dataclasses import replace

from wizard.model.schema import Check, ForeignKey, NotNull, Schema, Table, comparable


def without_labels(schema: Schema, labels: frozenset[str]) -> Schema:
    """A label that was added stays on the way back: the server cannot take it away."""
    return replace(
        schema,
        enums=tuple(
            replace(one, labels=tuple(label for label in one.labels if label not in labels))
            for one in schema.enums
        ),
    )


def loosened(schema: Schema, labels: frozenset[str] = frozenset()) -> Schema:
    """Not validated counts as validated: a proof cannot be taken back, and need not be."""
    schema = without_labels(schema, labels)

    def table(one: Table) -> Table:
        proven = {each.column for each in one.constraints if isinstance(each, NotNull)}
        columns = tuple(
            replace(each, nullable=False) if each.name in proven else each for each in one.columns
        )
        constraints = tuple(
            replace(each, validated=True) if isinstance(each, ForeignKey | Check) else each
            for each in one.constraints
            if not isinstance(each, NotNull)
        )
        references = tuple(
            replace(each, foreign_key=replace(each.foreign_key, validated=True))
            for each in one.referenced_by
        )
        return replace(one, columns=columns, constraints=constraints, referenced_by=references)

    return comparable(replace(schema, tables=tuple(table(one) for one in schema.tables)))
