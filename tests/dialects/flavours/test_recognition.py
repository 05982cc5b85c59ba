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


def test_signs_of_one_protocol_mean_nothing_over_another() -> None:
    signs = Signs(version="CockroachDB CCL v24.1.0 (x86_64)", extensions={"citus": "12.1-1"})
    assert recognise(signs, "sqlite") == ""


def test_every_flavour_is_tested_here() -> None:
    assert set(flavours()) == set(FLAVOURS)
    recorded = {expected.split()[0] for _, _, expected in OVER_POSTGRESQL if expected}
    others = {name for name, one in flavours().items() if one.speaks != "postgresql"}
    assert recorded | {"aurora-postgresql"} | others == set(flavours())


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
        ("none", (16,), "PostgreSQL 16", "PostgreSQL 16"),
        ("", (16,), "PostgreSQL 16", "PostgreSQL 16"),
    ],
)
def test_what_people_see(text: str, version: tuple[int, ...], label: str, shown: str) -> None:
    made = engine("postgresql", version, text)
    assert made.name == "postgresql"
    assert made.label == label
    assert told(made) == shown
    assert engine("postgresql", version, flavour_of(made)) == made


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
    ],
)
def test_old_engines_are_refused(text: str, version: tuple[int, ...], match: str) -> None:
    with pytest.raises(AnswerError, match=match) as raised:
        engine("postgresql", version, text)
    assert raised.value.code == "old-server"
    assert raised.value.next_actions
