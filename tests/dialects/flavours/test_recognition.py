"""Servers by what they tell of themselves: recorded texts of version(), VERSION() and extensions."""

from __future__ import annotations

import pytest
from engines import FLAVOURS

from wizard.dialects.flavours import Signs, engine, flavour_of, flavours, recognise, told
from wizard.model.errors import AnswerError

LINUX = "on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14) 12.2.0, 64-bit"

#: What PostgreSQL's protocol told, and which engine it is.
OVER_POSTGRESQL = [
    ("PostgreSQL 12.22 (Debian 12.22-1.pgdg120+1) " + LINUX, {}, ""),
    ("PostgreSQL 15.18 (Debian 15.18-0+deb12u1) " + LINUX, {"plpgsql": "1.0"}, ""),
    ("PostgreSQL 18.4 " + LINUX, {"plpgsql": "1.0", "pg_stat_statements": "1.12"}, ""),
    # RDS for PostgreSQL: plain rules, no sign but its compiler.
    (
        "PostgreSQL 15.4 on x86_64-pc-linux-gnu, compiled by gcc (GCC) 7.3.1 20180712 "
        "(Red Hat 7.3.1-12), 64-bit",
        {"plpgsql": "1.0", "pg_stat_statements": "1.10"},
        "",
    ),
    # Neon and AlloyDB: PostgreSQL with extensions of their own.
    (
        "PostgreSQL 16.3 on x86_64-pc-linux-gnu, compiled by gcc (Debian 10.2.1-6) 10.2.1 "
        "20210110, 64-bit",
        {"plpgsql": "1.0", "neon": "1.1"},
        "",
    ),
    (
        "PostgreSQL 15.5 on x86_64-pc-linux-gnu, compiled by Debian clang version 12.0.1, 64-bit",
        {"plpgsql": "1.0", "google_columnar_engine": "1.0", "google_db_advisor": "1.0"},
        "",
    ),
    # Supabase and Azure; the columnar storage of Citus alone is no Citus.
    ("PostgreSQL 15.1 (Ubuntu 15.1-1.pgdg20.04+1) " + LINUX, {"supabase_vault": "0.2.8"}, ""),
    ("PostgreSQL 16.4 " + LINUX, {"azure": "1.1", "plpgsql": "1.0"}, ""),
    ("PostgreSQL 16.4 " + LINUX, {"citus_columnar": "12.1-1"}, ""),
    # Names that only look alike.
    ("PostgreSQL 16.4 " + LINUX, {"timescaledb_toolkit": "1.18.0"}, ""),
    (
        "CockroachDB CCL v23.1.11 (x86_64-pc-linux-gnu, built 2023/10/04 15:43:58, go1.19.10)",
        {},
        "cockroachdb 23.1",
    ),
    (
        "CockroachDB CCL v24.1.0 (x86_64-pc-linux-gnu, built 2024/05/15 20:45:18, go1.22.2 X:nocoverageredesign)",
        {},
        "cockroachdb 24.1",
    ),
    (
        "CockroachDB CCL v25.4.2 (aarch64-unknown-linux-gnu, built 2025/12/01 00:00:00, go1.23.12)",
        {},
        "cockroachdb 25.4",
    ),
    ("CockroachDB OSS v22.2.0 (x86_64-pc-linux-gnu)", {}, "cockroachdb 22.2"),
    (
        "PostgreSQL 11.2-YB-2.20.1.0-b0 on x86_64-pc-linux-gnu, compiled by clang version 16.0.6 "
        "(https://github.com/yugabyte/llvm-project.git), 64-bit",
        {"pg_stat_statements": "1.6-yb-1.0"},
        "yugabytedb 2.20.1.0",
    ),
    (
        "PostgreSQL 15.2-YB-2.25.1.0-b381 on x86_64-pc-linux-gnu, compiled by clang version 17.0.6",
        {},
        "yugabytedb 2.25.1.0",
    ),
    (
        "PostgreSQL 15.12-YB-2025.1.0.1-b3 on aarch64-unknown-linux-gnu, compiled by clang",
        {},
        "yugabytedb 2025.1.0.1",
    ),
    ("PostgreSQL 14.8 " + LINUX, {"plpgsql": "1.0", "citus": "11.3-1"}, "citus 11.3"),
    (
        "PostgreSQL 16.6 " + LINUX,
        {"citus": "12.1-1", "citus_columnar": "12.1-1", "plpgsql": "1.0"},
        "citus 12.1",
    ),
    ("PostgreSQL 17.2 " + LINUX, {"citus": "13.0-1"}, "citus 13.0"),
    ("PostgreSQL 13.9 " + LINUX, {"timescaledb": "2.11.2"}, "timescaledb 2.11.2"),
    (
        "PostgreSQL 16.9 (Ubuntu 16.9-1.pgdg22.04+1) " + LINUX,
        {"timescaledb": "2.21.0", "timescaledb_toolkit": "1.21.0"},
        "timescaledb 2.21.0",
    ),
    ("PostgreSQL 17.5 " + LINUX, {"timescaledb": "2.30.0-dev"}, "timescaledb 2.30.0"),
]


@pytest.mark.parametrize(("version", "extensions", "expected"), OVER_POSTGRESQL)
def test_over_the_protocol_of_postgresql(
    version: str, extensions: dict[str, str], expected: str
) -> None:
    assert recognise(Signs(version=version, extensions=extensions), "postgresql") == expected


def test_aurora_shows_itself_by_a_function() -> None:
    version = "PostgreSQL 15.4 on x86_64-pc-linux-gnu, compiled by x86_64-pc-linux-gnu-gcc (GCC) 9.5.0, 64-bit"
    assert recognise(Signs(version=version, aurora=""), "postgresql") == "aurora-postgresql"
    assert recognise(Signs(version=version), "postgresql") == ""


#: What MySQL's protocol told: VERSION(), @@version_comment, the version that Aurora tells.
OVER_MYSQL = [
    ("8.0.36", "MySQL Community Server - GPL", None, ""),
    ("9.7.4-2", "(Debian)", None, ""),
    ("8.0.36-28", "Percona Server (GPL), Release 28, Revision 47601f19", None, ""),
    # RDS for MySQL and Cloud SQL: plain rules, no sign of their own.
    ("8.0.35", "Source distribution", None, ""),
    ("8.0.31-google", "(Google)", None, ""),
    ("8.0.28", "Source distribution", "3.04.1", "aurora-mysql 3.4"),
    ("8.0.28", "Source distribution", "", "aurora-mysql"),
    ("8.0.mysql_aurora.3.04.0", "", None, "aurora-mysql 3.4"),
    ("8.0.mysql_aurora.3.10.4", "", None, "aurora-mysql 3.10"),
    ("5.7.mysql_aurora.2.11.2", "", None, "aurora-mysql 2.11"),
    ("5.7.9-vitess-14.0.0", "", None, "vitess 14.0"),
    ("8.0.30-Vitess", "MySQL Community Server (GPL)", None, "vitess"),
    ("8.0.31-Vitess", "(Ubuntu)", None, "vitess"),
    (
        "8.0.30-Vitess",
        "Version: 18.0.0-SNAPSHOT (Git revision 122ee758cf4f20f20e8703fcb21dea93765e3e2b branch "
        "'main') built on Fri Jun 30 07:57:51 UTC 2023 by vitess@buildkitsandbox using go1.20.5",
        None,
        "vitess 18.0",
    ),
    ("8.0.34-PlanetScale", "", None, "planetscale"),
    ("8.0.23-PlanetScale", "PlanetScale (Vitess)", None, "planetscale"),
]
MARIADB = [
    ("10.11.11-MariaDB-0+deb12u1", "Debian 12"),
    ("5.5.5-10.6.12-MariaDB-log", "managed by https://aws.amazon.com/rds/"),
    ("11.4.5-MariaDB", "mariadb.org binary distribution"),
]


@pytest.mark.parametrize(("version", "comment", "aurora", "expected"), OVER_MYSQL)
def test_over_the_protocol_of_mysql(
    version: str, comment: str, aurora: str | None, expected: str
) -> None:
    signs = Signs(version=version, comment=comment, aurora=aurora)
    assert recognise(signs, "mysql") == expected


@pytest.mark.parametrize(("version", "comment"), MARIADB)
def test_mariadb_is_mariadb(version: str, comment: str) -> None:
    for speaks in ("mariadb", "mysql"):
        assert recognise(Signs(version=version, comment=comment), speaks) == ""


def test_signs_of_one_protocol_mean_nothing_over_another() -> None:
    signs = Signs(version="CockroachDB CCL v24.1.0 (x86_64)", extensions={"citus": "12.1-1"})
    assert recognise(signs, "sqlite") == ""


def test_every_flavour_is_tested_here() -> None:
    assert set(flavours()) == set(FLAVOURS)
    recorded = {expected.split()[0] for _, _, expected in OVER_POSTGRESQL if expected}
    recorded |= {expected.split()[0] for *_, expected in OVER_MYSQL if expected}
    assert recorded | {"aurora-postgresql"} == set(flavours())


@pytest.mark.parametrize(
    ("text", "version", "label", "shown"),
    [
        ("cockroachdb 24.1", (), "CockroachDB 24.1", "CockroachDB 24.1 (speaks PostgreSQL)"),
        ("cockroachdb", (15,), "CockroachDB", "CockroachDB (speaks PostgreSQL)"),
        (
            "yugabytedb 2025.1.0.1",
            (15, 12),
            "YugabyteDB 2025.1",
            "YugabyteDB 2025.1 (speaks PostgreSQL 15)",
        ),
        ("Citus v12.1", (16, 4), "PostgreSQL 16 with Citus 12.1", "PostgreSQL 16 with Citus 12.1"),
        (
            "timescaledb 2.21.0",
            (17,),
            "PostgreSQL 17 with TimescaleDB 2.21",
            "PostgreSQL 17 with TimescaleDB 2.21",
        ),
        ("aurora-postgresql", (15, 4), "Aurora PostgreSQL 15", "Aurora PostgreSQL 15"),
        ("vitess 22.0", (8, 0, 30), "Vitess 22.0", "Vitess 22.0 (speaks MySQL)"),
        ("planetscale", (), "PlanetScale", "PlanetScale (speaks MySQL)"),
        ("aurora-mysql 3.4", (8, 0, 28), "Aurora MySQL 8.0.28", "Aurora MySQL 8.0.28"),
        ("none", (16,), "PostgreSQL 16", "PostgreSQL 16"),
        ("", (16,), "PostgreSQL 16", "PostgreSQL 16"),
    ],
)
def test_what_people_see(text: str, version: tuple[int, ...], label: str, shown: str) -> None:
    speaks = (
        flavours()[text.split(maxsplit=1)[0].lower()].speaks if text not in ("", "none") else ""
    )
    name = speaks or "postgresql"
    made = engine(name, version, text)
    assert made.name == name
    assert made.label == label
    assert told(made) == shown
    assert engine(name, version, flavour_of(made)) == made


@pytest.mark.parametrize("text", ["oracle", "cockroachdb v", "cockroach db 24", "citus 12.x", "12"])
def test_an_unknown_engine_is_named(text: str) -> None:
    with pytest.raises(AnswerError) as raised:
        engine("postgresql", (16,), text)
    assert raised.value.code == "unknown-flavour"
    assert raised.value.flag == "--flavour"
    assert "cockroachdb" in raised.value.next_actions[0]


def test_an_engine_that_speaks_another_language_is_named() -> None:
    with pytest.raises(AnswerError, match="speaks the language of postgresql, not of sqlite"):
        engine("sqlite", (3, 40, 1), "citus 12.1")


@pytest.mark.parametrize(
    ("text", "version", "match"),
    [
        ("cockroachdb 22.2", (13,), "knows 23.1 and later"),
        ("yugabytedb 2.20.1.0", (11, 2), "speaks PostgreSQL 11"),
        ("yugabytedb 2024.2.0.0", (), "speaks PostgreSQL 11"),
        ("citus 10.0", (11, 22), "PostgreSQL 11.22; migwiz knows 12"),
        ("vitess", (5, 7, 9), "MySQL 5.7.9; migwiz knows 8.0"),
        ("aurora-mysql 2.11", (5, 7, 0), "MySQL 5.7; migwiz knows 8.0"),
    ],
)
def test_old_engines_are_refused(text: str, version: tuple[int, ...], match: str) -> None:
    with pytest.raises(AnswerError, match=match) as raised:
        engine(flavours()[text.split(maxsplit=1)[0]].speaks, version, text)
    assert raised.value.code == "old-server"
    assert raised.value.next_actions
