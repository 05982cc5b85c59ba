"""Databases as JDBC names them, and the drivers for them, from Maven."""

from __future__ import annotations

from .places import Place

#: PostgreSQL listens at a socket only, for which JDBC needs a factory.
DRIVERS = (
    "org.postgresql:postgresql:42.7.8",
    "org.mariadb.jdbc:mariadb-java-client:3.5.6",
    "org.xerial:sqlite-jdbc:3.50.3.0",
    "com.kohlschutter.junixsocket:junixsocket-common:2.10.1",
    "com.kohlschutter.junixsocket:junixsocket-native-common:2.10.1",
)


def url(place: Place) -> str:
    """Return the JDBC URL, without the account."""
    if place.engine == "sqlite":
        return f"jdbc:sqlite:{place.database}"
    if place.engine == "postgresql":
        if not place.host.startswith("/"):
            return f"jdbc:postgresql://{place.host}:{place.port}/{place.database}?sslmode=disable"
        factory = "org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg"
        socket = f"{place.host}/.s.PGSQL.{place.port}"
        return (
            f"jdbc:postgresql://localhost/{place.database}?sslmode=disable"
            f"&socketFactory={factory}&socketFactoryArg={socket}"
        )
    return f"jdbc:mariadb://{place.host}:{place.port}/{place.database}"
