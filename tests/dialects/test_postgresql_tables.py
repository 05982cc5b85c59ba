"""A table that was dropped comes back as it was: read, dropped, made again and read anew."""

from __future__ import annotations

from pathlib import Path

import psycopg
from servers import TestServer

from wizard.database.opening import open_catalog
from wizard.dialects import dialect
from wizard.model.schema import Schema, Table, comparable
from wizard.model.steps import CreateTable, DropTable
from wizard.rehearsal.tracer import plain_url

RICH = Path(__file__).parent.parent / "database" / "rich_schema.sql"
MORE = """
CREATE TYPE mood AS ENUM ('fine', 'bad');
CREATE TABLE journal (
    id serial PRIMARY KEY,
    "Big id" bigserial,
    felt mood[] DEFAULT '{fine}',
    said text COLLATE "C" NOT NULL DEFAULT 'it''s 100%',
    words int GENERATED ALWAYS AS (length(said)) STORED,
    at timestamptz(3) DEFAULT now(),
    parent_id int REFERENCES journal ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT "Odd check" CHECK (said <> ''),
    CONSTRAINT covering UNIQUE (id, said) INCLUDE (at)
);
ALTER TABLE journal ADD CONSTRAINT pending CHECK (words < 9) NOT VALID;
CREATE UNIQUE INDEX "Odd index" ON journal USING btree (lower(said) DESC NULLS LAST)
    INCLUDE (at) WHERE words > 1;
CREATE INDEX ix_journal_felt ON journal USING gin (felt);
COMMENT ON TABLE journal IS 'It''s "odd"';
COMMENT ON COLUMN journal.said IS E'two\\nlines';
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER journal_keep BEFORE UPDATE OF said ON journal FOR EACH ROW
    WHEN (NEW.said <> '') EXECUTE FUNCTION keep();
"""


def alone(table: Table) -> bool:
    """Whether nothing else needs the table: what is around it comes back in other ways."""
    own = {one.name for one in table.triggers}
    return (
        table.kind == "table"
        and all(one.table == table.name for one in table.referenced_by)
        and all(one.kind == "trigger" and one.name in own for one in table.dependents)
    )


def test_made_again_it_is_the_same(postgres: TestServer, fresh_database: str) -> None:
    engine = dialect("postgresql", postgres.version)
    catalog = open_catalog(fresh_database)
    tried = []
    with psycopg.connect(plain_url(fresh_database), autocommit=True) as connection:
        connection.execute(RICH.read_text().encode())
        connection.execute(MORE.encode())
        for name in [one.name for one in catalog.tables()]:
            before = catalog.table(name)
            if not alone(before):
                continue
            for step in (DropTable(table=before), CreateTable(table=before)):
                for sql in engine.sql(step):
                    connection.execute(sql.encode())
            after = catalog.table(name)
            assert comparable(Schema(tables=(after,))) == comparable(Schema(tables=(before,)))
            tried.append(name.name)
        owned = "SELECT pg_get_serial_sequence('journal', 'Big id')"
        assert connection.execute(owned).fetchone() == ('public."journal_Big id_seq"',)
    catalog.close()
    assert "journal" in tried
    assert len(tried) >= 2
