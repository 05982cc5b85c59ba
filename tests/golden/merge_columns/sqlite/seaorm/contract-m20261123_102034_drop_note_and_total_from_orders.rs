//! Drop note and total from orders.
//!
//! Plan     merge-orders-remark · contract · 2 of 2
//! Deploy   a release later, when every running instance uses only remark
//! Up       EXCLUSIVE on orders while writing the table anew, 13–40 min, waits at most 2 s: reads
//!          and writes wait
//! Down     RESERVED on orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102034_drop_note_and_total_from_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("PRAGMA busy_timeout = 2000").await?;
        db.execute_unprepared("DROP TRIGGER zz_sync_orders_note_total_remark")
            .await?;
        db.execute_unprepared("DROP TRIGGER zz_sync_orders_note_total_remark_update")
            .await?;
        // The downgrade makes note again from remark.
        manager
            .alter_table(
                Table::alter()
                    .table("orders")
                    .drop_column("note")
                    .to_owned(),
            )
            .await?;
        // The downgrade makes total again from remark.
        manager
            .alter_table(
                Table::alter()
                    .table("orders")
                    .drop_column("total")
                    .to_owned(),
            )
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("PRAGMA busy_timeout = 2000").await?;
        manager
            .alter_table(
                Table::alter()
                    .table("orders")
                    .add_column(ColumnDef::new("total").custom("numeric(10,2)"))
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("orders")
                    .add_column(ColumnDef::new("note").custom("TEXT"))
                    .to_owned(),
            )
            .await?;
        db.execute_unprepared("SELECT rowid FROM orders LIMIT 0")
            .await?;
        db.execute_unprepared(
            r#"
CREATE TRIGGER zz_sync_orders_note_total_remark AFTER INSERT ON orders FOR EACH ROW
WHEN (NOT (NEW.remark IS NOT NULL) AND (NEW.remark IS NOT (coalesce(NEW.total, '') || '/' || coalesce(NEW.note, '')))) OR ((NEW.remark IS NOT NULL) AND (NEW.note IS NOT (nullif(substr(NEW.remark, instr(NEW.remark, '/') + 1), '')) OR NEW.total IS NOT (cast(nullif(substr(NEW.remark, 1, instr(NEW.remark, '/') - 1), '') as numeric))))
BEGIN
    UPDATE orders SET
        note = CASE WHEN NEW.remark IS NOT NULL THEN nullif(substr(NEW.remark, instr(NEW.remark, '/') + 1), '') ELSE note END,
        total = CASE WHEN NEW.remark IS NOT NULL THEN cast(nullif(substr(NEW.remark, 1, instr(NEW.remark, '/') - 1), '') as numeric) ELSE total END,
        remark = CASE WHEN NEW.remark IS NOT NULL THEN remark ELSE coalesce(NEW.total, '') || '/' || coalesce(NEW.note, '') END
    WHERE rowid = NEW.rowid;
END
"#,
        )
        .await?;
        db.execute_unprepared(
            r#"
CREATE TRIGGER zz_sync_orders_note_total_remark_update AFTER UPDATE ON orders FOR EACH ROW
WHEN (NOT (NEW.remark IS NOT (OLD.remark)) AND (NEW.note IS NOT (OLD.note) OR NEW.total IS NOT (OLD.total)) AND (NOT (NEW.remark IS NOT NULL) OR NEW.note IS NOT (nullif(substr(NEW.remark, instr(NEW.remark, '/') + 1), '')) OR NEW.total IS NOT (cast(nullif(substr(NEW.remark, 1, instr(NEW.remark, '/') - 1), '') as numeric)))) OR ((NEW.remark IS NOT (OLD.remark)) AND (NEW.remark IS NOT (coalesce(NEW.total, '') || '/' || coalesce(NEW.note, ''))))
BEGIN
    UPDATE orders SET
        note = CASE WHEN NEW.remark IS NOT (OLD.remark) THEN nullif(substr(NEW.remark, instr(NEW.remark, '/') + 1), '') ELSE note END,
        total = CASE WHEN NEW.remark IS NOT (OLD.remark) THEN cast(nullif(substr(NEW.remark, 1, instr(NEW.remark, '/') - 1), '') as numeric) ELSE total END,
        remark = CASE WHEN NEW.remark IS NOT (OLD.remark) THEN remark ELSE coalesce(NEW.total, '') || '/' || coalesce(NEW.note, '') END
    WHERE rowid = NEW.rowid;
END
"#,
        )
        .await?;

        Ok(())
    }
}
