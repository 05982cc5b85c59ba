"""Steps around a view that shows a table, or one of its columns, under a second name for a while."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.model.names import TableName


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowView:
    """A view under a table's old name that shows one column under two names.

    The table itself moves to ``base``.
    """

    table: TableName
    base: str
    columns: tuple[str, ...]
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateShadowView:
    """Rename the table aside and put a view with both column names in its place."""

    view: ShadowView


@dataclass(frozen=True, slots=True, kw_only=True)
class DropShadowView:
    """Drop the view and give the table its name back."""

    view: ShadowView


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """A view that shows a whole table under a second name in its schema, and takes writes for it."""

    table: TableName
    name: str
    columns: tuple[str, ...]

    @property
    def shown(self) -> TableName:
        """The view's whole name."""
        return TableName(self.name, self.table.schema)

    @property
    def swapped(self) -> TableView:
        """The view as it is when the two have exchanged their names."""
        return TableView(table=self.shown, name=self.table.name, columns=self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTableView:
    """Create the view, with the table's owner and privileges."""

    view: TableView


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTableView:
    """Drop the view; the table stays."""

    view: TableView


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapTableView:
    """Let a table and the view over it exchange their names, in one moment for everybody.

    ``view`` is as it is before the step.
    """

    view: TableView


ViewStep = CreateShadowView | DropShadowView | CreateTableView | DropTableView | SwapTableView
