"""Opening a catalogue: from a URL, or from a DDL file."""

from __future__ import annotations

from pathlib import Path

from wizard.database.base import Catalog
from wizard.database.urls import SUPPORTED, parse_url
from wizard.dialects.flavours import dump_of
from wizard.model.errors import AnswerError


def open_catalog(url: str, *, root: Path | None = None) -> Catalog:
    """Connect for reading only; a relative SQLite path counts from ``root``.

    Raises AnswerError (`bad-url`) or ReachError (`unreachable`, `wrong-password`, `no-database`,
    `no-permission`, `no-driver`). Later calls on the catalogue may raise ReachError (`gone`,
    `locked`, `query-timeout`, `query-failed`) as well.
    """
    from wizard.database.connection import Connection

    address = parse_url(url, root=root)
    connection = Connection(address)
    if address.dialect == "sqlite":
        from wizard.database.sqlite import SqliteCatalog

        return SqliteCatalog(connection, label=Path(address.database).name)
    if address.dialect == "postgresql":
        from wizard.database.postgresql import PostgresCatalog

        catalog = PostgresCatalog(connection)
        dump = dump_of(catalog.flavour)
        if dump is None:
            return catalog
        from wizard.database.dumped import DumpedCatalog

        return DumpedCatalog(connection, catalog, dump)
    from wizard.database.mysql import MysqlCatalog

    return MysqlCatalog(connection)


def open_offline(
    path: Path, dialect: str, version: tuple[int, ...], *, flavour: str = ""
) -> Catalog:
    """Read a DDL file as the given engine would; ``flavour`` names one that speaks the dialect.

    Raises ReachError (`schema-unreadable`) or AnswerError (`schema-syntax`,
    `dialect-not-supported`).
    """
    if dialect not in SUPPORTED:
        raise AnswerError(
            "dialect-not-supported",
            f"migwiz does not read the DDL of {dialect!r}",
            next_actions=(f"use {' or '.join(SUPPORTED)}",),
            flag="--dialect",
        )
    if dialect == "sqlite":
        from wizard.database.offline import load_sqlite
        from wizard.database.sqlite import SqliteCatalog

        loaded = load_sqlite(path)
        return SqliteCatalog(
            loaded, live=False, label=path.name, version=version, notes=loaded.notes
        )
    from wizard.database.offline import OfflineCatalog

    return OfflineCatalog(path, dialect, version, flavour=flavour)
