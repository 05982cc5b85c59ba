"""Splitting scripts and breaking long statements, without being fooled by quotes."""

from __future__ import annotations

import pytest

from generators.sql.statements import split, tidy


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("SELECT 1; SELECT 2;\n", ("SELECT 1", "SELECT 2")),
        ("-- a; b\nSELECT 1 -- c; d\n;", ("SELECT 1",)),
        ("SELECT ';', \";\", 'it''s;' ;", ("SELECT ';', \";\", 'it''s;'",)),
        (r"SELECT E'\';', 'x\'; SELECT 2", (r"SELECT E'\';', 'x\'", "SELECT 2")),
        (
            "DO $$ BEGIN a; b; END $$; DO $x$ $$ ; $x$;",
            ("DO $$ BEGIN a; b; END $$", "DO $x$ $$ ; $x$"),
        ),
        ("/* ; /* ; */ ; */ SELECT 1;", ("SELECT 1",)),
        ("SELECT a$x$b; SELECT 2", ("SELECT a$x$b", "SELECT 2")),
        ("-- nothing\n", ()),
        (" ; ;", ()),
    ],
)
def test_split_postgresql(script: str, expected: tuple[str, ...]) -> None:
    assert split(script, dialect="postgresql") == expected


def test_split_keeps_the_triggers_of_sqlite_whole() -> None:
    trigger = (
        "CREATE TRIGGER t AFTER UPDATE ON a WHEN new.x IS NOT CASE 1 WHEN 1 THEN 2 END BEGIN\n"
        "  UPDATE a SET x = CASE WHEN 1 THEN 2 END; SELECT 1;\nEND"
    )
    script = f"BEGIN; {trigger}; CREATE TABLE [b;c] (x); COMMIT;"
    assert split(script, dialect="sqlite") == (
        "BEGIN",
        trigger,
        "CREATE TABLE [b;c] (x)",
        "COMMIT",
    )


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("ALTER TABLE a DROP COLUMN b;", "ALTER TABLE a DROP COLUMN b"),
        (
            "ALTER TABLE orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) "
            "REFERENCES customers (id) NOT VALID",
            "ALTER TABLE orders\n"
            "    ADD CONSTRAINT orders_customer_id_fkey\n"
            "    FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID",
        ),
        (
            'ALTER TABLE "the ADD table" ADD COLUMN note text DEFAULT \'please ADD CHECK (this) or '
            "DROP that' NOT NULL CHECK (note <> 'x')",
            'ALTER TABLE "the ADD table"\n'
            "    ADD COLUMN note text DEFAULT 'please ADD CHECK (this) or DROP that' "
            "NOT NULL CHECK (note <> 'x')",
        ),
        (
            "CREATE INDEX CONCURRENTLY ix_orders_customer_status_where ON orders "
            "(customer_id, (CASE WHEN a THEN b END)) INCLUDE (total) WHERE status = 'on WHERE'",
            "CREATE INDEX CONCURRENTLY ix_orders_customer_status_where\n"
            "    ON orders (customer_id, (CASE WHEN a THEN b END))\n"
            "    INCLUDE (total)\n"
            "    WHERE status = 'on WHERE'",
        ),
        ("SELECT 1\nFROM " + "x" * 100, "SELECT 1\nFROM " + "x" * 100),
        ("SELECT " + "x" * 100, "SELECT " + "x" * 100),
    ],
)
def test_tidy(statement: str, expected: str) -> None:
    assert tidy(statement, dialect="postgresql") == expected
