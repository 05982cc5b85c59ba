"""The server of a URL as tools that copy tables are told of it: without its password."""

from __future__ import annotations

from wizard.database.base import Catalog
from wizard.database.urls import parse_url
from wizard.handover.base import Server
from wizard.handover.telling import option_file
from wizard.model.errors import ReachError

_GALERA = "SELECT @@wsrep_on AS wsrep_on"
_ENGINES = ("mysql", "mariadb")


def server_of(catalog: Catalog, url: str) -> Server | None:
    """Return where an open catalogue's tables are, None where no such tool works.

    Asks the server whether it is a node of Galera; raises ReachError when it is gone.
    """
    if not catalog.live or catalog.dialect not in _ENGINES:
        return None
    address = parse_url(url)
    options = dict(address.options)
    return Server(
        database=address.database,
        defaults_file=option_file(options.get("read_default_file")),
        host=address.host or "127.0.0.1",
        port=int(address.port) if address.port.isdecimal() else 3306,
        socket=options.get("unix_socket"),
        user=address.user,
        galera=_is_galera(catalog),
    )


def _is_galera(catalog: Catalog) -> bool:
    try:
        rows = catalog.query(_GALERA)
    except ReachError as error:
        if error.code != "query-failed":
            raise
        # MySQL has no such variable unless it is built for Galera.
        return False
    return bool(rows) and str(rows[0][0]).upper() in ("1", "ON")
