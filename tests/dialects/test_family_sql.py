"""What MySQL's and MariaDB's dialects write, by engine and version, without a server.

What differs between MySQL 8.0's patch levels is from the manual and is held here alone.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from family_steps import AMOUNT, BODY, CODE, COPY, FILL, NOTE, TOUCHED
from step_examples import CUSTOMERS, ORDERS, PENDING_KEY

from wizard.dialects import dialect
from wizard.dialects.base import DefaultKind, Dialect, Size
from wizard.dialects.lexing import tokens
from wizard.dialects.mysql_family.family import Family
from wizard.model.errors import AnswerError
from wizard.model.schema import Check, Column, ForeignKey, Index, IndexPart, Table
from wizard.model.steps import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddIndex,
    Assignment,
    ChangeType,
    DropColumn,
    DropConstraint,
    RenameColumn,
    Require,
    SetDefault,
    SetIdentity,
    SetNotNull,
    SetVisible,
    Step,
    ValidateConstraint,
)

MYSQL, MARIADB = dialect("mysql", (8, 0, 36)), dialect("mariadb", (10, 11, 19))
EXTRA = Column(name="extra", type="int")


def sql(step: Step, engine: Dialect = MYSQL) -> str:
    return "; ".join(engine.sql(step))


@pytest.mark.parametrize(
    ("version", "adds", "drops"),
    [
        ((8, 0, 11), "INPLACE", "INPLACE"),
        ((8, 0, 12), "INSTANT", "INPLACE"),
        ((8, 0, 28), "INSTANT", "INPLACE"),
        # Instant columns could damage tables here.
        ((8, 0, 29), "INPLACE", "INPLACE"),
        ((8, 0, 31), "INPLACE", "INPLACE"),
        ((8, 0, 32), "INSTANT", "INSTANT"),
        ((8, 4, 0), "INSTANT", "INSTANT"),
        ((9, 7, 4), "INSTANT", "INSTANT"),
    ],
)
def test_instant_columns_by_version(version: tuple[int, ...], adds: str, drops: str) -> None:
    engine = dialect("mysql", version)
    assert f"ALGORITHM={adds}" in sql(AddColumn(table=ORDERS, column=EXTRA), engine)
    assert f"ALGORITHM={drops}" in sql(DropColumn(table=ORDERS, column=EXTRA), engine)
    # MySQL refuses INSTANT together with LOCK.
    assert ("LOCK" in sql(AddColumn(table=ORDERS, column=EXTRA), engine)) == (adds == "INPLACE")


@pytest.mark.parametrize(
    ("version", "limit"),
    [((8, 0, 20), None), ((8, 0, 36), 64), ((9, 0, 1), 64), ((9, 1, 0), 255)],
)
def test_how_many_instant_changes_there_are(version: tuple[int, ...], limit: int | None) -> None:
    engine = dialect("mysql", version)
    assert engine.row_versions(AddColumn(table=ORDERS, column=EXTRA)) == limit
    assert engine.row_versions(SetDefault(table=ORDERS, column=AMOUNT, default="1")) is None
    assert MARIADB.row_versions(AddColumn(table=ORDERS, column=EXTRA)) is None


def test_what_mysql_learnt_within_80() -> None:
    old = dialect("mysql", (8, 0, 12))
    check = AddCheck(table=ORDERS, constraint=Check(name="c", expression="amount > 0"))
    assert old.supports(check) is not None
    assert MYSQL.supports(check) is None
    computed = SetDefault(table=ORDERS, column=NOTE, default="concat('a', 'b')")
    assert old.supports(computed) is not None
    assert MYSQL.supports(computed) is None
    hidden = AddColumn(table=ORDERS, column=replace(EXTRA, invisible=True))
    assert old.supports(hidden) is not None
    assert MYSQL.supports(hidden) is None


def test_a_column_is_always_written_whole() -> None:
    full = Column(
        name="full",
        type="varchar(20)",
        default="'it''s'",
        collation="utf8mb4_bin",
        comment="a 'b' \\",
        invisible=True,
    )
    step = SetNotNull(table=ORDERS, column=full)
    assert sql(step) == (
        "SET @sql_mode_before = @@SESSION.sql_mode; "
        "SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES'); "
        "ALTER TABLE orders MODIFY COLUMN full varchar(20) COLLATE utf8mb4_bin NOT NULL "
        "DEFAULT 'it''s' COMMENT 'a ''b'' \\\\' INVISIBLE, ALGORITHM=INPLACE, LOCK=NONE; "
        "SET SESSION sql_mode = @sql_mode_before"
    )
    finer = ChangeType(table=ORDERS, column=TOUCHED, to=replace(TOUCHED, type="datetime(3)"))
    assert "datetime(3) NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3)" in sql(
        finer
    )


def test_a_default_is_changed_without_touching_anything_else() -> None:
    assert sql(SetDefault(table=ORDERS, column=NOTE, default="'x'")) == (
        "ALTER TABLE orders ALTER COLUMN note SET DEFAULT 'x', ALGORITHM=INSTANT"
    )
    # DROP DEFAULT would leave a column that may be NULL without any default at all.
    assert "SET DEFAULT NULL" in sql(SetDefault(table=ORDERS, column=AMOUNT, default=None))
    required = replace(AMOUNT, nullable=False)
    assert "DROP DEFAULT" in sql(SetDefault(table=ORDERS, column=required, default=None))
    # MySQL takes a text's default only as an expression, and only there.
    text = SetDefault(table=ORDERS, column=BODY, default="'x'")
    assert "text NULL DEFAULT ('x'), ALGORITHM=INSTANT" in sql(text)
    assert "SET DEFAULT 'x'" in sql(text, MARIADB)
    moment = SetDefault(table=ORDERS, column=TOUCHED, default=None)
    for engine in (MYSQL, MARIADB):
        assert "DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP(6)" in sql(moment, engine)


def test_where_the_engines_differ_in_words() -> None:
    hide = SetVisible(table=ORDERS, index=Index(name="ix", parts=()), visible=False)
    assert "ALTER INDEX ix INVISIBLE" in sql(hide)
    assert "ALTER INDEX ix IGNORED, ALGORITHM=INSTANT" in sql(hide, MARIADB)
    drop = DropConstraint(table=ORDERS, constraint=Check(name="c", expression="true"))
    assert "DROP CHECK c" in sql(drop)
    assert "DROP CONSTRAINT c" in sql(drop, MARIADB)
    rename = RenameColumn(table=ORDERS, old="note", new="order")
    assert "RENAME COLUMN note TO `order`, ALGORITHM=INPLACE, LOCK=NONE" in sql(rename)


def test_a_key_is_added_without_a_copy_and_proven_by_a_query() -> None:
    add = AddForeignKey(table=ORDERS, constraint=PENDING_KEY)
    assert MYSQL.sql(add)[0] == "SET SESSION foreign_key_checks = 0"
    assert MYSQL.sql(add)[2] == "SET SESSION foreign_key_checks = 1"
    assert sql(add, MARIADB).startswith("SET STATEMENT foreign_key_checks = 0 FOR ALTER TABLE")
    proof = sql(ValidateConstraint(table=ORDERS, constraint=PENDING_KEY))
    assert "NOT EXISTS (SELECT 1 FROM customers AS parent" in proof
    proven = replace(PENDING_KEY, validated=True)
    assert "ALGORITHM=COPY, LOCK=SHARED" in sql(AddForeignKey(table=ORDERS, constraint=proven))
    strange = replace(PENDING_KEY, on_delete="set default")
    with pytest.raises(AnswerError, match="SET DEFAULT"):
        sql(AddForeignKey(table=ORDERS, constraint=strange))


def test_a_guard_is_one_statement_on_mysql() -> None:
    step = Require(query="SELECT 1 FROM orders", message="it's " + "ü" * 200, table=ORDERS)
    (only,) = MYSQL.sql(step)
    assert only.startswith("DO CASE WHEN EXISTS (")
    assert "UUID_TO_BIN('it''s üü" in only
    message = only.rpartition("UUID_TO_BIN(")[2].partition("')")[0]
    assert len(message.encode()) <= 130


def test_a_copy_online_waits_for_no_writer_but_for_keys_that_act() -> None:
    new = dialect("mariadb", (11, 2, 0))
    step = ChangeType(table=ORDERS, column=NOTE, to=replace(NOTE, type="text"))
    assert new.lock(step, Size()).blocks == ()
    assert new.lock(step, Size()).ends
    assert MARIADB.lock(step, Size()).blocks == ("writes",)
    key = ForeignKey(
        columns=("customer_id",), ref_table=CUSTOMERS, ref_columns=("id",), on_delete="cascade"
    )
    fitted = new.fit(step, Table(name=ORDERS, columns=(NOTE,), constraints=(key,)))
    assert new.lock(fitted, Size()).mode == "COPY, LOCK=SHARED"


def test_a_collation_of_an_indexed_column() -> None:
    old = replace(NOTE, collation="utf8mb4_general_ci")
    step = ChangeType(table=ORDERS, column=old, to=replace(old, collation="utf8mb4_bin"))
    index = Index(name="ix", parts=(IndexPart(column="note"),))
    table = Table(name=ORDERS, columns=(old,), indexes=(index,))
    assert "COPY" in sql(MYSQL.fit(step, table))
    assert "NOCOPY" in sql(MARIADB.fit(step, table), MARIADB)
    assert MYSQL.fit(step, replace(table, indexes=())) == step


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        (None, DefaultKind.NONE),
        ("NULL", DefaultKind.NONE),
        ("'a'", DefaultKind.CONSTANT),
        ("-1", DefaultKind.CONSTANT),
        ("concat('a', 'b')", DefaultKind.CONSTANT),
        ("now()", DefaultKind.STABLE),
        ("CURRENT_TIMESTAMP(3)", DefaultKind.STABLE),
        ("(now() + interval 1 day)", DefaultKind.STABLE),
        ("curdate()", DefaultKind.STABLE),
        ("uuid()", DefaultKind.VOLATILE),
        ("rand() * 2", DefaultKind.VOLATILE),
        ("unknown_function()", DefaultKind.VOLATILE),
        ("(select 1)", DefaultKind.VOLATILE),
        ("'no end", DefaultKind.VOLATILE),
    ],
)
def test_how_a_default_is_worked_out(expression: str | None, kind: DefaultKind) -> None:
    assert MYSQL.default_kind(expression) is kind


def test_a_default_of_its_own_for_each_row_is_set_afterwards() -> None:
    for engine in (MYSQL, MARIADB):
        step = AddColumn(table=ORDERS, column=replace(EXTRA, default="uuid()"))
        assert engine.supports(step) is not None
    computed = AddColumn(table=ORDERS, column=replace(EXTRA, default="1 + 1"))
    assert MYSQL.lock(computed, Size()).work == "rewrite"
    assert MARIADB.lock(computed, Size()).work == "none"


@pytest.mark.parametrize(
    ("given", "mysql", "mariadb"),
    [
        ("INTEGER", "int", "int(11)"),
        ("int(5) unsigned", "int unsigned", "int(5) unsigned"),
        ("bool", "tinyint(1)", "tinyint(1)"),
        ("bigint unsigned", "bigint unsigned", "bigint(20) unsigned"),
        ("numeric(10, 2)", "decimal(10,2)", "decimal(10,2)"),
        ("decimal", "decimal(10,0)", "decimal(10,0)"),
        ("double precision", "double", "double"),
        ("character varying(30)", "varchar(30)", "varchar(30)"),
        ("datetime(0)", "datetime", "datetime"),
        ("year", "year", "year(4)"),
        ("json", "json", "json"),
        ("enum('a', 'it\\'s')", "enum('a','it''s')", "enum('a','it''s')"),
    ],
)
def test_types_in_the_servers_own_form(given: str, mysql: str, mariadb: str) -> None:
    assert MYSQL.check_type(given, enums=(), flag="") == mysql
    assert MARIADB.check_type(given, enums=(), flag="") == mariadb


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("varchar", "bad-type"),
        ("text(5)", "bad-type"),
        ("int zerofill", "bad-type"),
        ("varchar(5) unsigned", "bad-type"),
        ("int default 5", "bad-type"),
        ("int; drop table x", "bad-type"),
        ("enum(a)", "bad-type"),
        ("enum('a", "bad-type"),
        ("serial", "serial-type"),
        ("itn", "unknown-type"),
        ("uuid", "unknown-type"),
    ],
)
def test_what_is_no_type_of_mysql(given: str, code: str) -> None:
    with pytest.raises(AnswerError) as raised:
        MYSQL.check_type(given, enums=(), flag="--type")
    assert raised.value.code == code
    assert raised.value.flag == "--type"


def test_names_and_expressions_are_checked() -> None:
    assert MYSQL.check_name("größe", flag="") == "größe"
    for name, code in (
        ("", "bad-name"),
        ("a ", "bad-name"),
        ("🙂", "bad-name"),
        ("a" * 65, "name-too-long"),
    ):
        with pytest.raises(AnswerError) as raised:
            MYSQL.check_name(name, flag="--name")
        assert raised.value.code == code
    assert MYSQL.check_expression("`a b` <=> 'x\\'y'", flag="") == "`a b` <=> 'x\\'y'"
    for text in ('"a"', "1; DROP TABLE x", "1 # c", "1 -- c", "@a", "a = ?", "/*!1*/ 1"):
        with pytest.raises(AnswerError) as raised:
            MYSQL.check_expression(text, flag="")
        assert raised.value.code == "bad-expression"
    assert MYSQL.columns_in("`A b` + lower(Note)") >= {"A b", "a b", "Note", "note"}
    assert MYSQL.rename_in("NOTE > 'note'", "note", "order") == "`order` > 'note'"
    assert MYSQL.proves_not_null("(`note` is not null)", "Note")


def test_quotes_of_mysql_are_read_as_mysql_does() -> None:
    kinds = [(one.kind, one.text) for one in tokens("'a\\'b' -- c\n \"d\" `e`.f a--1", "mysql")]
    assert kinds[:5] == [
        ("string", "'a\\'b'"),
        ("comment", "-- c"),
        ("string", '"d"'),
        ("name", "`e`"),
        ("mark", "."),
    ]
    assert [text for _, text in kinds[-3:]] == ["-", "-", "1"]


def test_batches_compare_key_columns_one_by_one() -> None:
    step = replace(FILL, key=("code", "id"), key_types=("varchar(20)", "bigint"))
    found = MYSQL.batch(step)
    assert "(code > :after_0 OR (code = :after_0 AND id > :after_1))" in found.following
    assert "(code < :upto_0 OR (code = :upto_0 AND id <= :upto_1))" in found.first
    assert found.walk_following is not None
    with pytest.raises(AnswerError, match="no key"):
        MYSQL.batch(replace(FILL, key=(), key_types=()))


def test_mysql_loops_in_a_procedure_mariadb_in_a_block() -> None:
    dropped, made, called, gone = MYSQL.batch_script(FILL)
    assert dropped == "DROP PROCEDURE IF EXISTS migwiz_walk_orders"
    assert made.startswith("CREATE PROCEDURE migwiz_walk_orders()\nBEGIN\n")
    assert "DECLARE walk_from_0 bigint;" in made
    assert (called, gone) == ("CALL migwiz_walk_orders()", "DROP PROCEDURE migwiz_walk_orders")
    (block,) = MARIADB.batch_script(FILL)
    assert block.startswith("BEGIN NOT ATOMIC\n")
    assert "DECLARE walk_from_0 TYPE OF orders.id;" in block
    # No variable hides a column that the step names.
    clash = replace(FILL, needed="walk_size > 1 AND note IS NULL")
    assert "DECLARE walk__size INT" in MARIADB.batch_script(clash)[0]


def test_assignments_that_read_each_other() -> None:
    swap = replace(
        FILL,
        assignments=(
            Assignment(column="note", expression="code"),
            Assignment(column="code", expression="note"),
        ),
    )
    with pytest.raises(AnswerError, match="set from each other"):
        sql(swap)


def test_a_copy_passes_over_what_is_there_and_nothing_else() -> None:
    assert sql(COPY).endswith(
        "WHERE note IS NOT NULL AND NOT EXISTS (SELECT 1 FROM old_orders AS copied "
        "WHERE copied.id <=> orders.id)"
    )


def test_numbers_and_fillers() -> None:
    number = Column(name="id", type="bigint", nullable=False)
    step = SetIdentity(table=ORDERS, column=number, identity="by default")
    assert "bigint NOT NULL AUTO_INCREMENT, ALGORITHM=COPY" in sql(step)
    assert MYSQL.supports(replace(step, identity="always")) is not None
    fillers = [
        (CODE, "''"),
        (replace(number, name="n"), "0"),
        (Column(name="t", type="datetime(6)", nullable=False), "'1970-01-02 00:00:00'"),
        (Column(name="e", type="enum('x','y')", nullable=False), "'x'"),
        (Column(name="p", type="point", nullable=False), None),
        (NOTE, None),
        (replace(AMOUNT, nullable=False), None),
    ]
    for column, filler in fillers:
        assert MYSQL.filler(column) == filler
    assert isinstance(MYSQL, Family)


def test_an_index_that_nobody_can_build() -> None:
    for index in (
        Index(name="i", parts=(IndexPart(column="note"),), where="note > 'a'"),
        Index(name="i", parts=(IndexPart(column="note"),), include=("code",)),
        Index(name="i", parts=(IndexPart(column="note", nulls="last"),)),
        Index(name="i", parts=(IndexPart(column="note", opclass="x"),)),
    ):
        assert MYSQL.supports(AddIndex(table=ORDERS, index=index)) is not None
