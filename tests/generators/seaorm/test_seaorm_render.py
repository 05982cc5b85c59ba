"""Whole files, read as a senior user of SeaORM would; every step in both versions parses."""

from __future__ import annotations

from pathlib import Path

import odd_steps
import pytest
import step_examples
from seaorm_kit import POSTGRESQL, imagined, job

from generators.base import FileEdit
from generators.seaorm import GENERATOR
from generators.seaorm.registry import faults
from wizard.dialects import dialect
from wizard.dialects.base import Dialect
from wizard.model.names import TableName
from wizard.model.plan import Change, Migration
from wizard.model.schema import Check, Column, Index, IndexPart
from wizard.model.steps import (
    STEP_TYPES,
    AddCheck,
    AddColumn,
    AddIndex,
    AddUnique,
    Assignment,
    Backfill,
    CreateShadowView,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropShadowView,
    Impossible,
    Nothing,
    RebuildTable,
    Require,
    SetNotNull,
    SetVisible,
    Step,
    ValidateConstraint,
)

ORDERS = TableName("orders")
CURRENCY = Column(name="currency", type="character varying(3)", nullable=False, default="'EUR'")
INDEX = Index(name="ix_orders_total", parts=(IndexPart(column="total", order="desc"),))
MARIADB = dialect("mariadb", (11, 4))
SQLITE = dialect("sqlite", (3, 45))
ADD = Migration(
    slug="add_currency",
    title="add currency to orders",
    changes=(
        Change(
            step=AddColumn(table=ORDERS, column=CURRENCY),
            undo=(DropColumn(table=ORDERS, column=CURRENCY),),
        ),
    ),
    lock_timeout_ms=2_000,
)
BUILD = Migration(
    slug="add_ix_orders_total",
    title="add index on orders (total)",
    changes=(
        Change(
            step=AddIndex(table=ORDERS, index=INDEX, concurrently=True),
            undo=(DropIndex(table=ORDERS, index=INDEX, concurrently=True),),
        ),
    ),
    transactional=False,
)
FILL = Migration(
    slug="fill_orders_note",
    title="fill orders.note",
    changes=(
        Change(
            step=Backfill(
                table=ORDERS,
                assignments=(Assignment(column="note", expression="'?'"),),
                needed="note IS NULL",
                key=("id",),
                key_types=("bigint",),
            ),
            undo=(Nothing(reason="the filled values harm nothing"),),
        ),
    ),
    kind="data",
    transactional=False,
)


def rendered(
    root: Path,
    *migrations: Migration,
    version: str = "2.0",
    engine: Dialect = POSTGRESQL,
    **more: str,
) -> tuple[FileEdit, ...]:
    project = imagined(root, version, **more)
    edits = GENERATOR.render(project, job(*migrations, engine=engine))
    GENERATOR.check(edits, engine)
    return edits


def rust(edits: tuple[FileEdit, ...]) -> str:
    (found,) = [one.content for one in edits if one.revision]
    return found


def test_a_column_in_seaorm_2(tmp_path: Path) -> None:
    assert (
        rust(rendered(tmp_path, ADD))
        == """\
//! Add currency to orders.
//!
//! Plan     a-change · expand · 1 of 1
//! Deploy   before the new code starts
//! Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_add_currency"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("orders")
                    .add_column(
                        ColumnDef::new("currency")
                            .string_len(3)
                            .not_null()
                            .default("EUR"),
                    )
                    .to_owned(),
            )
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("orders")
                    .drop_column("currency")
                    .to_owned(),
            )
            .await?;

        Ok(())
    }
}
"""
    )


def test_names_as_an_older_project_writes_them(tmp_path: Path) -> None:
    text = rust(rendered(tmp_path, ADD, version="1.1"))
    assert "#[derive(DeriveMigrationName)]\npub struct Migration;\n" in text
    assert ".drop_column(Orders::Currency)" in text
    assert text.endswith("\n#[derive(DeriveIden)]\nenum Orders {\n    Table,\n    Currency,\n}\n")
    assert "use_transaction" not in text
    text = rust(rendered(tmp_path, ADD, version="1.1", idens="alias"))
    assert '.drop_column(Alias::new("currency"))' in text
    assert "DeriveIden" not in text


def test_names_that_no_variant_can_be(tmp_path: Path) -> None:
    table = TableName("Orders2", "Shop")
    columns = [Column(name=one, type="text") for one in ("e_mail", "address2", "größe", "table")]
    changes = [Change(step=AddColumn(table=table, column=one), undo=()) for one in columns]
    migration = Migration(slug="x", title="x", changes=tuple(changes))
    text = rust(rendered(tmp_path, migration, version="1.1"))
    assert '.table((Alias::new("Shop"), Orders2::Table))' in text
    assert 'ColumnDef::new(Alias::new("größe")).text()' in text
    assert 'ColumnDef::new(Alias::new("table")).text()' in text
    assert text.endswith(
        '#[derive(DeriveIden)]\nenum Orders2 {\n    #[sea_orm(iden = "Orders2")]\n    Table,\n'
        '    #[sea_orm(iden = "e_mail")]\n    EMail,\n'
        '    #[sea_orm(iden = "address2")]\n    Address2,\n}\n'
    )


def test_a_concurrent_build_in_seaorm_2(tmp_path: Path) -> None:
    text = rust(rendered(tmp_path, BUILD))
    assert "    fn use_transaction(&self) -> Option<bool> {\n        Some(false)\n    }\n" in text
    up, down = text.split("async fn down")
    assert up.index("index_state(") < up.index("DROP INDEX CONCURRENTLY ix_orders_total")
    assert (
        """\
        if state != "valid" {
            manager
                .create_index(
                    Index::create()
                        .name("ix_orders_total")
                        .table("orders")
                        .col(("total", IndexOrder::Desc))
                        .concurrently()
                        .to_owned(),
                )
                .await?;
        }
"""
        in up
    )
    assert 'execute_unprepared("DROP INDEX CONCURRENTLY IF EXISTS ix_orders_total")' in down
    assert "lock_timeout" not in text


def test_a_concurrent_build_in_seaorm_1_is_a_script(tmp_path: Path) -> None:
    edits = rendered(tmp_path, ADD, BUILD, version="1.1")
    names = [str(one.path.relative_to(tmp_path)) for one in edits]
    stem = "m20261123_102031_add_ix_orders_total"
    assert names == [
        "migration/src/m20261123_102030_add_currency.rs",
        f"migration/sql/{stem}.up.sql",
        f"migration/sql/{stem}.down.sql",
        f"migration/src/{stem}.rs",
        "migration/src/lib.rs",
    ]
    up, down, text = (one.content for one in edits[1:4])
    assert "\n\\set ON_ERROR_STOP on\n" in up
    assert (
        "\nCREATE INDEX CONCURRENTLY IF NOT EXISTS ix_orders_total ON orders (total DESC);\n" in up
    )
    assert down.endswith("\nDROP INDEX CONCURRENTLY IF EXISTS ix_orders_total;\n")
    assert "CREATE INDEX" not in text
    assert 'if state != "valid" {' in text
    assert 'if state != "absent" {' in text
    assert f"migration/sql/{stem}.up.sql" in text
    # As stages of a plan are told: of the migrations alone.
    numbered = [one for one in edits if one.revision]
    commands = GENERATOR.commands(imagined(tmp_path, "1.1"), numbered)
    run = "cargo run --manifest-path migration/Cargo.toml --"
    assert commands.apply == (
        f'{run} up -n 1 && psql "$DATABASE_URL" -f migration/sql/{stem}.up.sql && {run} up -n 1'
    )
    assert commands.revert == (
        f'psql "$DATABASE_URL" -f migration/sql/{stem}.down.sql && '
        f"{run} down -n 1 && {run} down -n 1"
    )


def test_batches(tmp_path: Path) -> None:
    text = rust(rendered(tmp_path, FILL))
    assert "Some(false)" in text
    assert "WHERE id > $1 AND id <= (SELECT id FROM batch) AND note IS NULL" in text
    assert "UPDATE orders SET note = '?'" in text
    assert "[after.into(), size.into()]" in text
    assert "async fn down(&self, _manager: &SchemaManager)" in text
    assert "        // The filled values harm nothing.\n        Ok(())\n" in text
    older = rendered(tmp_path, FILL, version="1.1")
    assert "COMMIT;" in older[0].content
    assert "loop {" not in rust(older)
    assert "WHERE note IS NULL\n" in rust(older)
    mariadb = rust(rendered(tmp_path, FILL, version="1.1", engine=MARIADB))
    assert "UPDATE orders SET note = '?' WHERE id > ? AND id <= ? AND note IS NULL" in mariadb
    assert "[after.into(), last.into()]" in mariadb


def test_mariadb_says_how_and_waits_on_one_connection(tmp_path: Path) -> None:
    text = rust(rendered(tmp_path, ADD, engine=MARIADB))
    assert (
        """\
        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            ALTER TABLE orders
"""
        in text
    )
    assert "ALGORITHM=" in text
    assert "use_transaction" not in text


def test_sqlite_gets_a_transaction_in_both_versions(tmp_path: Path) -> None:
    assert "Some(true)" in rust(rendered(tmp_path, ADD, engine=SQLITE))
    older = rust(rendered(tmp_path, ADD, version="1.1", engine=SQLITE))
    assert "use sea_orm_migration::sea_orm::TransactionTrait;\n" in older
    assert "let transaction = manager.get_connection().begin().await?;" in older
    assert older.count("transaction.commit().await?;") == 2


def test_no_way_back_and_requirements(tmp_path: Path) -> None:
    step = SetNotNull(table=ORDERS, column=Column(name="note", type="text"))
    guard = Require(query="SELECT 1 FROM orders", message='it\'s "odd" \\ {}', table=ORDERS)
    named = Require(query="SELECT 'a'", message="unknown", table=ORDERS, named=True)
    migration = Migration(
        slug="x",
        title="x",
        changes=(
            Change(step=guard, undo=()),
            Change(step=named, undo=()),
            Change(step=step, undo=(Impossible(reason='rows of "note" are gone'),)),
        ),
    )
    text = rust(rendered(tmp_path, migration))
    assert r"""Err(DbErr::Migration("it's \"odd\" \\ {}".to_owned()));""" in text
    assert 'message + &names.join(", ")' in text
    assert (
        """\
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("rows of \\"note\\" are gone".to_owned()))
    }
"""
        in text
    )


def test_what_may_be_repeated_comes_before_what_one_transaction_holds(tmp_path: Path) -> None:
    unique = AddUnique(
        table=ORDERS,
        constraint=step_examples.UNIQUE,
        using=step_examples.CODE_INDEX,
    )
    whole = Migration(
        slug="make_code_unique",
        title="x",
        changes=(
            Change(
                step=AddIndex(table=ORDERS, index=step_examples.CODE_INDEX, concurrently=True),
                undo=(),
            ),
            Change(
                step=unique,
                undo=(DropConstraint(table=ORDERS, constraint=step_examples.UNIQUE),),
            ),
        ),
        lock_timeout_ms=2_000,
    )
    text = rust(rendered(tmp_path, whole))
    assert text.index(".concurrently()") < text.index("manager.begin()") < text.index("SET LOCAL")
    check = Check(name="c", expression="total > 0", validated=False)
    apart = Migration(
        slug="check_total",
        title="x",
        changes=(
            Change(step=AddCheck(table=ORDERS, constraint=check), undo=()),
            Change(step=ValidateConstraint(table=ORDERS, constraint=check), undo=()),
        ),
    )
    names = [one.revision for one in rendered(tmp_path, apart) if one.revision]
    assert names == ["m20261123_102030_check_total_1", "m20261123_102031_check_total_2"]


EXAMPLES: dict[str, Step] = {one.name: one.step for one in step_examples.EXAMPLES}
VIEW = step_examples.VIEW
EXAMPLES |= {"view": CreateShadowView(view=VIEW), "no view": DropShadowView(view=VIEW)}
EXAMPLES |= {f"odd {at}": one for at, one in enumerate(odd_steps.STEPS)}
POSSIBLE = sorted(name for name, one in EXAMPLES.items() if POSTGRESQL.supports(one) is None)


@pytest.mark.parametrize("version", ["1.1", "2.0"])
def test_every_step_both_ways_parses(tmp_path: Path, version: str) -> None:
    seen = set()
    for name in POSSIBLE:
        step = EXAMPLES[name]
        seen.add(type(step))
        migration = Migration(
            slug="x", title="x", changes=(Change(step=step, undo=(step,)),), lock_timeout_ms=500
        )
        edits = rendered(tmp_path, migration, version=version)
        assert faults(rust(edits)) is None, name
    missing = set(STEP_TYPES) - seen
    assert missing <= {RebuildTable, SetVisible, Nothing, Impossible, Require}
