"""Servers on which the tools alter a shop's tables for real."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import servers
from handover_shop import AS_MYSQL, Shop, shop_on
from servers import TestServer


@pytest.fixture
def steering(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a path short enough for a socket in it."""
    return tmp_path_factory.mktemp("s")


@pytest.fixture
def shop(mariadb: TestServer, steering: Path) -> Iterator[Shop]:
    """An empty shop on the system's MariaDB."""
    with shop_on(mariadb, steering) as found:
        yield found


@pytest.fixture(scope="session")
def mariadb_as_mysql() -> Iterator[TestServer]:
    """A MariaDB that gh-ost takes for a MySQL."""
    with servers.fetched_mariadb(AS_MYSQL) as server:
        yield server


@pytest.fixture
def mysql_shop(mariadb_as_mysql: TestServer, steering: Path) -> Iterator[Shop]:
    """An empty shop on a MariaDB that gh-ost takes for a MySQL."""
    with shop_on(mariadb_as_mysql, steering) as found:
        yield found
