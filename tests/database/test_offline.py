"""DDL files: what is read, what is passed over, and where a mistake is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wizard.database.ddl_names import type_name
from wizard.database.opening import open_offline
from wizard.model.errors import AnswerError, ReachError
from wizard.model.names import TableName, object_name
from wizard.model.schema import Check, Enum, ForeignKey, NotNull, Table, Unique


def read(tmp_path: Path, text: str, name: str = "t", schema: str | None = None) -> Table:
    file = tmp_path / "schema.sql"
    file.write_text(text)
    return open_offline(file, "postgresql", (16, 0)).table(TableName(name, schema))


def test_a_dump_with_data_functions_and_psql_commands(tmp_path: Path) -> None:
    file = tmp_path / "dump.sql"
    file.write_text(
        "\\restrict abc\n"
        "SELECT pg_catalog.set_config('search_path', '', false);\n"
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $_$ SELECT 1; $_$;\n"
        "CREATE FUNCTION g() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END;\n"
        "CREATE TABLE public.t (id integer NOT NULL, note text);\n"
        'COPY public.t (id, note) FROM stdin;\n1\tit\'s; "odd" $$\n\\.\n\n'
        "COPY public.t (id, note) FROM stdin;\n\\.\n"
        "ALTER TABLE public.t OWNER TO me;\n"
        "ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);\n"
        "GRANT ALL ON TABLE public.t TO me;\n"
    )
    catalog = open_offline(file, "postgresql", (16, 0))
    assert catalog.table(TableName("t")).primary_key == ("id",)
    assert catalog.live is False
    notes = catalog.notes  # type: ignore[attr-defined]
    assert "passed over 2 × COPY data" in notes
    assert "passed over 2 × CREATE FUNCTION" in notes
    assert "passed over 1 × psql command" in notes
    with pytest.raises(ReachError) as caught:
        catalog.query("SELECT 1")
    assert caught.value.code == "offline"


def test_alter_table(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        """
        CREATE TABLE a (id bigserial PRIMARY KEY, k int UNIQUE);
        CREATE TABLE t (x int, gone int, a_id int8 REFERENCES a, CHECK (x > 0), old int);
        CREATE UNIQUE INDEX ui ON t (old);
        ALTER TABLE t ADD COLUMN y numeric(5,1) DEFAULT 1.5 NOT NULL, ALTER x SET NOT NULL,
            ALTER COLUMN x TYPE bigint USING x::bigint, DROP COLUMN gone;
        ALTER TABLE t ADD CONSTRAINT one UNIQUE USING INDEX ui;
        ALTER TABLE t ADD CONSTRAINT later CHECK (y < 9) NOT VALID;
        ALTER TABLE t ADD CONSTRAINT some FOREIGN KEY (old) REFERENCES a (k) ON DELETE SET NULL NOT VALID;
        ALTER TABLE t ADD CONSTRAINT there NOT NULL old NOT VALID;
        ALTER TABLE t VALIDATE CONSTRAINT later;
        """,
    )
    assert [(one.name, one.type, one.nullable) for one in table.columns] == [
        ("x", "bigint", False),
        ("a_id", "bigint", True),
        ("old", "integer", True),
        ("y", "numeric(5,1)", False),
    ]
    assert set(table.constraints) == {
        Check(name="t_x_check", expression="x > 0", columns=("x",)),
        ForeignKey(
            name="t_a_id_fkey", columns=("a_id",), ref_table=TableName("a"), ref_columns=("id",)
        ),
        Unique(name="one", columns=("old",)),
        Check(name="later", expression="y < 9", columns=("y",)),
        ForeignKey(
            name="some",
            columns=("old",),
            ref_table=TableName("a"),
            ref_columns=("k",),
            on_delete="set null",
            validated=False,
        ),
        NotNull(name="there", column="old"),
    }
    assert [(one.name, one.constraint) for one in table.indexes] == [("one", True)]


def test_schemas(tmp_path: Path) -> None:
    text = """
        CREATE SCHEMA s CREATE TABLE "T" (id serial) CREATE TABLE u (id int);
        SET search_path = s, public;
        CREATE TABLE v (id int);
        SET search_path TO public;
        CREATE TABLE w (id int);
    """
    table = read(tmp_path, text, "T", "s")
    assert table.columns[0].default == "nextval('s.\"T_id_seq\"'::regclass)"
    catalog = open_offline(tmp_path / "schema.sql", "postgresql", (16, 0))
    assert [str(one.name) for one in catalog.tables()] == ["w", "s.T", "s.u", "s.v"]


def test_dropped_and_renamed(tmp_path: Path) -> None:
    text = """
        CREATE TABLE a (id int); CREATE TABLE b (id int);
        CREATE TYPE e AS ENUM ('x'); ALTER TYPE e ADD VALUE 'y'; ALTER TYPE e RENAME VALUE 'x' TO 'z';
        DROP TABLE IF EXISTS a CASCADE;
        ALTER TABLE b RENAME TO c;
    """
    assert read(tmp_path, text, "c").columns[0].name == "id"
    catalog = open_offline(tmp_path / "schema.sql", "postgresql", (16, 0))
    assert [one.name.name for one in catalog.tables()] == ["c"]
    assert catalog.enums() == (Enum(name=TableName("e"), labels=("z", "y")),)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n\nCREATE TABLE t (a int, b text DEFAULT 'open);\n", 3),
        ("CREATE TABLE ok (a int);\nCREATE TABLE t (a int,\n  CONSTRAINT x WRONG (a));", 3),
        ("CREATE INDEX i ON nowhere (a);", 1),
        ("CREATE TABLE t (a int);\n/* never closed", 2),
        ("CREATE TABLE t (a int", 1),
        ("CREATE TABLE t (a int);\nALTER TABLE t RENAME COLUMN a TO b;", 2),
    ],
)
def test_mistakes_have_a_line(tmp_path: Path, text: str, line: int) -> None:
    file = tmp_path / "schema.sql"
    file.write_text(text)
    with pytest.raises(AnswerError) as caught:
        open_offline(file, "postgresql", (16, 0))
    assert caught.value.code == "schema-syntax"
    assert f"line {line} " in caught.value.message
    assert caught.value.why


def test_sqlite_mistakes_have_a_line(tmp_path: Path) -> None:
    file = tmp_path / "schema.sql"
    file.write_text("CREATE TABLE a (x);\n\nCREATE TABLE b (,);")
    with pytest.raises(AnswerError) as caught:
        open_offline(file, "sqlite", (3, 40))
    assert (caught.value.code, "line 3 " in caught.value.message) == ("schema-syntax", True)


def test_sqlite_file_cannot_touch_anything_else(tmp_path: Path) -> None:
    file, other = tmp_path / "schema.sql", tmp_path / "other.db"
    file.write_text(f"CREATE TABLE a (x);\nATTACH '{other}' AS o;\nCREATE TABLE o.t (x);")
    with pytest.raises(AnswerError):
        open_offline(file, "sqlite", (3, 40))
    assert not other.exists()


def test_unreadable(tmp_path: Path) -> None:
    binary = tmp_path / "dump.bin"
    binary.write_bytes(b"PGDMP\x00\x01\xff")
    for path in (tmp_path / "nowhere.sql", binary, tmp_path):
        with pytest.raises(ReachError) as caught:
            open_offline(path, "postgresql", (16, 0))
        assert caught.value.code == "schema-unreadable"
    with pytest.raises(AnswerError) as wrong:
        open_offline(binary, "oracle", (19,))
    assert wrong.value.code == "dialect-not-supported"


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_files_are_a_user_error_at_worst(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    text = Path(__file__).with_name("rich_schema.sql").read_text()
    start = data.draw(st.integers(0, len(text)))
    hole = data.draw(st.integers(1, 60) | st.just(len(text)))
    file = tmp_path_factory.getbasetemp() / "damaged.sql"
    file.write_text(text[:start] + text[start + hole :])
    try:
        catalog = open_offline(file, "postgresql", (16, 0))
    except AnswerError as error:
        assert error.code == "schema-syntax"  # noqa: PT017
    else:
        assert all(catalog.table(one.name).name == one.name for one in catalog.tables())


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("int", "integer"),
        ("VARCHAR ( 3 )", "character varying(3)"),
        ("timestamp(6)", "timestamp(6) without time zone"),
        ("timestamp (3) with time zone", "timestamp(3) with time zone"),
        ("timestamptz[]", "timestamp with time zone[]"),
        ("numeric(10, 2)", "numeric(10,2)"),
        ("char", "character(1)"),
        ("float(20)", "real"),
        ("public.status", "status"),
        ("pg_catalog.int4", "integer"),
        ('sales."Kind"', 'sales."Kind"'),
        ("double precision", "double precision"),
        ("int ARRAY", "integer[]"),
    ],
)
def test_types(written: str, shown: str) -> None:
    assert type_name(written) == shown


def test_made_up_names_are_cut_and_numbered() -> None:
    assert object_name("orders", "email", "key", {"orders_email_key"}) == "orders_email_key1"
    long = object_name("t" * 60, "c" * 30, "fkey")
    assert len(long) == 63
    assert long == "t" * 29 + "_" + "c" * 28 + "_fkey"
