"""Where a table is, as tools are told of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from servers import TestServer

from wizard.database.opening import open_catalog
from wizard.database.tool_server import server_of
from wizard.model.errors import ReachError

URL = "mysql://alter:s3cret@db1:3307/shop"


@dataclass
class Answering:
    """A catalogue that answers one query, as far as `server_of` needs one."""

    rows: list[tuple[object, ...]] = field(default_factory=list)
    error: ReachError | None = None
    dialect: str = "mysql"
    live: bool = True

    def query(self, sql: str, **_: object) -> list[tuple[object, ...]]:
        assert "wsrep_on" in sql
        if self.error is not None:
            raise self.error
        return self.rows


def test_the_url_says_where_and_never_the_password() -> None:
    found = server_of(Answering(), URL)
    assert found is not None
    assert (found.host, found.port, found.user, found.database) == ("db1", 3307, "alter", "shop")
    assert (found.galera, found.socket) == (False, None)
    assert "OPTION_FILE" in found.defaults_file
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        ("?read_default_file=/etc/my.cnf", "/etc/my.cnf"),
        ("?read_default_file=my.cnf", "OPTION_FILE"),
    ],
)
def test_an_option_file_is_taken_when_its_path_is_whole(tail: str, expected: str) -> None:
    found = server_of(Answering(), URL + tail)
    assert found is not None
    assert expected in found.defaults_file


def test_a_socket_and_no_host() -> None:
    found = server_of(Answering(), "mysql:///shop?unix_socket=/run/mysqld.sock")
    assert found is not None
    assert (found.socket, found.host, found.port) == ("/run/mysqld.sock", "127.0.0.1", 3306)


@pytest.mark.parametrize(("said", "galera"), [(1, True), ("ON", True), (0, False), ("OFF", False)])
def test_a_node_of_galera(said: object, galera: bool) -> None:
    found = server_of(Answering(rows=[(said,)]), URL)
    assert found is not None
    assert found.galera is galera


def test_a_server_without_the_variable_is_no_node_and_one_that_is_gone_is_an_error() -> None:
    unknown = ReachError("query-failed", "unknown system variable")
    found = server_of(Answering(error=unknown), URL)
    assert found is not None
    assert not found.galera
    with pytest.raises(ReachError, match="went away"):
        server_of(Answering(error=ReachError("gone", "the server went away")), URL)


def test_nothing_for_a_file_and_for_other_engines() -> None:
    assert server_of(Answering(live=False), URL) is None
    assert server_of(Answering(dialect="postgresql"), "postgresql://u@h/shop") is None


def test_a_real_server_that_is_no_node(mariadb: TestServer) -> None:
    with mariadb.database() as url:
        catalog = open_catalog(url)
        try:
            found = server_of(catalog, url)
        finally:
            catalog.close()
    assert found is not None
    assert (found.galera, found.database) == (False, url.rsplit("/", 1)[1].partition("?")[0])
