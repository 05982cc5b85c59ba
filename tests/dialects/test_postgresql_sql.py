"""The SQL of PostgreSQL, as text: what a reader sees."""

from __future__ import annotations

from dataclasses import replace

import pytest
from step_examples import (
    CODE_INDEX,
    EXAMPLES,
    ORDERS,
    SYNC,
    UNIQUE,
    VIEW,
)

from wizard.dialects import dialect
from wizard.dialects.base import DefaultKind, Size
from wizard.dialects.postgresql.types import short
from wizard.model.errors import AnswerError
from wizard.model.names import TableName
from wizard.model.schema import (
    Column,
    Exclusion,
    ForeignKey,
    Generated,
    Index,
    IndexPart,
    PrimaryKey,
)
from wizard.model.steps import (
    AddColumn,
    AddForeignKey,
    AddIndex,
    AddUnique,
    Assignment,
    Backfill,
    ChangeType,
    CreateShadowView,
    CreateSync,
    DeleteRows,
    DropConstraint,
    DropIndex,
    Impossible,
    LockTables,
    Require,
    SetDefault,
    Step,
)

PG = dialect("postgresql", (18,))
OLD = dialect("postgresql", (14, 2))
AWKWARD = TableName('Order "Lines"', "Big Shop")


def _one(step: Step) -> str:
    (only,) = PG.sql(step)
    return only


def _add(**options: object) -> str:
    column = replace(Column(name="extra", type="text"), **options)
    return _one(AddColumn(table=ORDERS, column=column)).removeprefix(
        "ALTER TABLE orders ADD COLUMN extra "
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "text"),
        ({"type": "character varying(3)"}, "varchar(3)"),
        ({"type": "timestamp(3) with time zone"}, "timestamptz(3)"),
        ({"type": "timestamp without time zone[]"}, "timestamp[]"),
        ({"type": "character(2)"}, "char(2)"),
        ({"type": "double precision"}, "double precision"),
        ({"default": "NULL"}, "text"),
        ({"default": "'a'", "nullable": False}, "text DEFAULT 'a' NOT NULL"),
        ({"default": "a OR b"}, "text DEFAULT (a OR b)"),
        ({"type": "bigint", "identity": "always"}, "bigint GENERATED ALWAYS AS IDENTITY"),
        ({"generated": Generated(expression="(a + b)")}, "text GENERATED ALWAYS AS (a + b) STORED"),
        (
            {"generated": Generated(expression="a + b", stored=False), "nullable": False},
            "text GENERATED ALWAYS AS (a + b) VIRTUAL NOT NULL",
        ),
        ({"collation": "de-x-icu"}, 'text COLLATE "de-x-icu"'),
        ({"collation": "pg_catalog.C"}, 'text COLLATE pg_catalog."C"'),
    ],
)
def test_a_column(options: dict[str, object], said: str) -> None:
    assert _add(**options) == said


def test_awkward_names_are_quoted_everywhere() -> None:
    index = Index(name="Ix", parts=(IndexPart(column="a b"),), include=("select",))
    assert _one(AddIndex(table=AWKWARD, index=index, concurrently=True)) == (
        'CREATE INDEX CONCURRENTLY "Ix" ON "Big Shop"."Order ""Lines""" ("a b") INCLUDE ("select")'
    )
    assert _one(DropIndex(table=AWKWARD, index=index, concurrently=True)) == (
        'DROP INDEX CONCURRENTLY "Big Shop"."Ix"'
    )
    key = ForeignKey(
        name="k", columns=("a b",), ref_table=AWKWARD, ref_columns=("ID",), on_delete="set null",
        on_update="cascade", deferrable=True, initially_deferred=True, validated=False,
    )  # fmt: skip
    assert _one(AddForeignKey(table=ORDERS, constraint=key)) == (
        'ALTER TABLE orders ADD CONSTRAINT k FOREIGN KEY ("a b") '
        'REFERENCES "Big Shop"."Order ""Lines""" ("ID") ON DELETE SET NULL ON UPDATE CASCADE '
        "DEFERRABLE INITIALLY DEFERRED NOT VALID"
    )


def test_an_unnamed_constraint_and_one_without_columns() -> None:
    key = ForeignKey(columns=("a",), ref_table=ORDERS, ref_columns=())
    assert _one(AddForeignKey(table=ORDERS, constraint=key)) == (
        "ALTER TABLE orders ADD FOREIGN KEY (a) REFERENCES orders"
    )


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (IndexPart(column="a"), "a"),
        (IndexPart(column="a", order="desc", nulls="first"), "a DESC"),
        (IndexPart(column="a", order="desc", nulls="last"), "a DESC NULLS LAST"),
        (IndexPart(column="a", nulls="first"), "a NULLS FIRST"),
        (IndexPart(column="a", nulls="last"), "a"),
        (IndexPart(column="a", opclass="gin_trgm_ops"), "a gin_trgm_ops"),
        (IndexPart(column="a", opclass="gist_trgm_ops(siglen=32)"), "a gist_trgm_ops (siglen=32)"),
        (IndexPart(column="a", opclass="x; DROP TABLE y"), 'a "x; DROP TABLE y"'),
        (IndexPart(expression="lower(a)"), "lower(a)"),
        (IndexPart(expression="(a + b)"), "(a + b)"),
        (IndexPart(expression="a || 'x'"), "(a || 'x')"),
        (
            IndexPart(expression="lower(a)", collation="C", order="desc"),
            'lower(a) COLLATE "C" DESC',
        ),
    ],
)
def test_a_key_of_an_index(part: IndexPart, said: str) -> None:
    index = Index(name="i", parts=(part,), method="btree")
    assert _one(AddIndex(table=ORDERS, index=index)) == f"CREATE INDEX i ON orders ({said})"


def test_index_methods_and_old_servers() -> None:
    gin = Index(name="i", parts=(IndexPart(column="a"),), method="gin", where="(a IS NOT NULL)")
    assert _one(AddIndex(table=ORDERS, index=gin)) == (
        "CREATE INDEX i ON orders USING gin (a) WHERE (a IS NOT NULL)"
    )
    for step in (
        AddIndex(table=ORDERS, index=replace(CODE_INDEX, nulls_not_distinct=True)),
        AddUnique(table=ORDERS, constraint=replace(UNIQUE, nulls_not_distinct=True)),
        AddColumn(
            table=ORDERS,
            column=Column(name="x", type="int", generated=Generated(expression="1", stored=False)),
        ),
    ):
        PG.sql(step)
        with pytest.raises(AnswerError) as raised:
            OLD.sql(step)
        assert raised.value.code == "unsupported"
    prefix = Index(name="i", parts=(IndexPart(column="a", length=10),))
    with pytest.raises(AnswerError):
        PG.sql(AddIndex(table=ORDERS, index=prefix))


def test_unique_using_index_may_be_deferrable() -> None:
    late = replace(UNIQUE, deferrable=True, initially_deferred=True)
    assert _one(AddUnique(table=ORDERS, constraint=late, using=CODE_INDEX)) == (
        "ALTER TABLE orders ADD CONSTRAINT orders_code_key UNIQUE USING INDEX orders_code_idx "
        "DEFERRABLE INITIALLY DEFERRED"
    )


def test_an_index_of_the_constraints_name_is_built_after_it_is_gone() -> None:
    same = replace(CODE_INDEX, name=UNIQUE.name or "")
    drop, build = PG.sql(DropConstraint(table=ORDERS, constraint=UNIQUE, leaves=same))
    assert drop.endswith("DROP CONSTRAINT orders_code_key")
    assert build == "CREATE UNIQUE INDEX orders_code_key ON orders (code)"


def test_keys_and_exclusions_can_be_dropped() -> None:
    for constraint in (
        PrimaryKey(columns=("id",), name="orders_pkey"),
        Exclusion(name="orders_pkey", definition="EXCLUDE USING gist (a WITH &&)"),
    ):
        assert _one(DropConstraint(table=ORDERS, constraint=constraint)) == (
            "ALTER TABLE orders DROP CONSTRAINT orders_pkey"
        )


@pytest.mark.parametrize(
    ("milliseconds", "said"),
    [(2_000, "2s"), (1_500, "1500ms"), (60_000, "1min"), (90_000, "90s"), (10, "10ms"), (0, "1ms")],
)
def test_the_budget_has_pretty_units_and_is_never_forever(milliseconds: int, said: str) -> None:
    assert PG.budget(milliseconds) == (f"SET LOCAL lock_timeout = '{said}'",)


def test_a_default_is_dropped_not_set_to_null() -> None:
    column = Column(name="note", type="text", default="'x'")
    assert _one(SetDefault(table=ORDERS, column=column, default=None)) == (
        "ALTER TABLE orders ALTER COLUMN note DROP DEFAULT"
    )


@pytest.mark.parametrize(
    ("old", "new", "using"),
    [
        ("text", "integer", ' USING "Code"::integer'),
        ("character varying(20)", "mood", ' USING "Code"::mood'),
        # A written cast to these would cut values short where the server's own one refuses.
        ("text", "character varying(3)", ""),
        ("text", "bit(3)", ""),
        ("integer", "text", ""),
        ("integer", "bigint", ""),
    ],
)
def test_text_is_cast_to_what_the_server_does_not_convert_it_to(
    old: str, new: str, using: str
) -> None:
    column = Column(name="Code", type=old)
    step = ChangeType(table=ORDERS, column=column, to=replace(column, type=new))
    assert _one(step).partition(" TYPE ")[2].endswith(using or f"{short(new)}")
    assert (" USING " in _one(step)) is bool(using)
    assert _one(replace(step, using="1")).endswith(" USING 1")


def test_sync_compares_as_asked_and_lives_in_the_tables_schema() -> None:
    sync = replace(SYNC, table=TableName("orders", "shop"), compare_as="text")
    function, trigger = PG.sql(CreateSync(sync=sync))
    assert function.startswith("CREATE FUNCTION shop.zz_sync_orders_status() RETURNS trigger")
    assert "CAST(NEW.status AS text) IS DISTINCT FROM CAST(OLD.status AS text)" in function
    assert trigger == (
        "CREATE TRIGGER zz_sync_orders_status BEFORE INSERT OR UPDATE ON shop.orders "
        "FOR EACH ROW EXECUTE FUNCTION shop.zz_sync_orders_status()"
    )
    assert "UPDATE OF" not in trigger


def test_a_view_runs_with_the_rights_of_the_caller_where_it_can() -> None:
    assert "WITH (security_invoker = true)" in PG.sql(CreateShadowView(view=VIEW))[1]
    assert "security_invoker" not in OLD.sql(CreateShadowView(view=VIEW))[1]


def test_a_message_cannot_leave_its_quotes() -> None:
    nasty = "it's $migwiz$; \\ 100% $$"
    for statement in (
        _one(Impossible(reason=nasty)),
        _one(Require(query="SELECT 1", message=nasty, table=ORDERS)),
    ):
        assert statement.startswith("DO $migwiz2$\n")
        assert statement.count("$migwiz2$") == 2
        assert "E'it''s $migwiz$; \\\\ 100% $$'" in statement


def test_an_unknown_lock_mode_is_a_bug() -> None:
    with pytest.raises(ValueError, match="no mode"):
        PG.sql(LockTables(tables=(ORDERS,), mode="nowait; DROP TABLE x"))


def test_a_batch_names_no_table_or_column_of_the_user() -> None:
    step = Backfill(
        table=TableName("batch"),
        assignments=(Assignment(column="walk", expression="changed.value || :size"),),
        needed="walk IS NULL OR walked",
        key=("order", "id"),
        key_types=("character varying(10)", "bigint"),
        join="changed",
        on="changed.id = batch.id",
    )
    found = PG.batch(step)
    assert found.following.startswith('WITH batch_ AS (\n    SELECT "order", id, set_config(')
    assert '("order", id) > (CAST(:after_0 AS varchar(10)), :after_1)' in found.following
    assert '(batch."order", batch.id) <= (SELECT "order", id FROM batch_)' in found.following
    assert "changed_ AS (" in found.following
    assert "AND (walk IS NULL OR walked)" in found.following
    (script,) = PG.batch_script(step)
    assert "<<walk_>>" in script
    assert "    from_0 varchar(10);" in script


def test_rows_that_all_need_it_have_no_condition() -> None:
    step = DeleteRows(table=ORDERS, needed="true", key=("id",), key_types=("bigint",))
    assert _one(step) == "DELETE FROM orders"
    assert "WHERE id <= (SELECT id FROM batch)\n" in PG.batch(step).first


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        (None, DefaultKind.NONE),
        ("NULL", DefaultKind.NONE),
        ("'a'", DefaultKind.CONSTANT),
        ("0", DefaultKind.CONSTANT),
        ("-1", DefaultKind.CONSTANT),
        ("'{}'::jsonb", DefaultKind.CONSTANT),
        ("'x'::character varying(3)", DefaultKind.CONSTANT),
        ("CAST('1' AS numeric(10, 2))", DefaultKind.CONSTANT),
        ("ARRAY[]::text[]", DefaultKind.CONSTANT),
        ("interval '1 day'", DefaultKind.CONSTANT),
        ("lower('A')", DefaultKind.CONSTANT),
        ("true", DefaultKind.CONSTANT),
        ("now()", DefaultKind.STABLE),
        ("NOW()", DefaultKind.STABLE),
        ("pg_catalog.now()", DefaultKind.STABLE),
        ("current_timestamp", DefaultKind.STABLE),
        ("CURRENT_TIMESTAMP(3)", DefaultKind.STABLE),
        ("localtimestamp", DefaultKind.STABLE),
        ("(now() + '1 day'::interval)", DefaultKind.STABLE),
        ("statement_timestamp()", DefaultKind.STABLE),
        ("current_user", DefaultKind.STABLE),
        ("clock_timestamp()", DefaultKind.VOLATILE),
        ("gen_random_uuid()", DefaultKind.VOLATILE),
        ("uuidv7()", DefaultKind.VOLATILE),
        ("random()", DefaultKind.VOLATILE),
        ("timeofday()", DefaultKind.VOLATILE),
        ("nextval('s'::regclass)", DefaultKind.VOLATILE),
        ("my_function()", DefaultKind.VOLATILE),
        ("shop.now()", DefaultKind.VOLATILE),
        ('"Now"()', DefaultKind.VOLATILE),
        ("x::text AND random() > 0.5", DefaultKind.VOLATILE),
        ("coalesce(NULL, random())", DefaultKind.VOLATILE),
        ("'now()'", DefaultKind.CONSTANT),
        ("$$random()$$", DefaultKind.CONSTANT),
        ("'open", DefaultKind.VOLATILE),
    ],
)
def test_how_a_default_is_worked_out(expression: str | None, kind: DefaultKind) -> None:
    assert PG.default_kind(expression) is kind


def test_names_are_checked() -> None:
    assert PG.check_name("größe", flag="") == "größe"
    for name in ("", "a\0b", "ä" * 32):
        with pytest.raises(AnswerError) as raised:
            PG.check_name(name, flag="--column")
        assert raised.value.flag == "--column"
    assert "64 bytes" in raised.value.message
    assert len(raised.value.next_actions[0].encode()) < 100


def test_estimates_grow_with_the_table() -> None:
    step = next(one.step for one in EXAMPLES if one.name == "add stored")
    lock = PG.lock(step, Size(rows=100_000_000, bytes=10_000_000_000))
    assert lock.milliseconds == (333_333, 1_000_000)
    scan = next(one.step for one in EXAMPLES if one.name == "set not null")
    assert PG.lock(scan, Size(bytes=10_000_000_000)).milliseconds == (10_000, 50_000)
    build = next(one.step for one in EXAMPLES if one.name == "add index, concurrently")
    assert PG.lock(build, Size(rows=1_500_000)).milliseconds == (1_000, 5_000)
    fill = next(one.step for one in EXAMPLES if one.name == "backfill")
    assert PG.lock(fill, Size(rows=1_000_000)).milliseconds == (20_000, 100_000)
