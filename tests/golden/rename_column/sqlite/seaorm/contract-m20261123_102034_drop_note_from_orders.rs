//! Drop note from orders.
//!
//! Plan     rename-orders-note · contract · 2 of 2
//! Deploy   a release later, when every running instance uses only remark
//! Up       EXCLUSIVE on orders while writing the table anew, 7–20 min, waits at most 2 s: reads
//!          and writes wait
//! Down     RESERVED on orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102034_drop_note_from_orders"
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
        db.execute_unprepared("DROP TRIGGER zz_sync_orders_note_remark")
            .await?;
        db.execute_unprepared("DROP TRIGGER zz_sync_orders_note_remark_update")
            .await?;
        // The downgrade fills note again from remark.
        manager
            .alter_table(
                Table::alter()
                    .table("orders")
                    .drop_column("note")
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
                    .add_column(ColumnDef::new("note").custom("TEXT"))
                    .to_owned(),
            )
            .await?;
        db.execute_unprepared("SELECT rowid FROM orders LIMIT 0")
            .await?;
        db.execute_unprepared(
            r#"
CREATE TRIGGER zz_sync_orders_note_remark AFTER INSERT ON orders FOR EACH ROW
WHEN NEW.remark IS NOT NEW.note
BEGIN
    UPDATE orders SET note = coalesce(NEW.remark, NEW.note), remark = coalesce(NEW.remark, NEW.note)
    WHERE rowid = NEW.rowid;
END
"#,
        )
        .await?;
        db.execute_unprepared(
            r#"
CREATE TRIGGER zz_sync_orders_note_remark_update AFTER UPDATE ON orders FOR EACH ROW
WHEN NEW.remark IS NOT NEW.note AND (NEW.remark IS NOT OLD.remark OR NEW.note IS NOT OLD.note)
BEGIN
    UPDATE orders SET
        note = CASE WHEN NEW.remark IS NOT OLD.remark THEN NEW.remark ELSE NEW.note END,
        remark = CASE WHEN NEW.remark IS NOT OLD.remark THEN NEW.remark ELSE NEW.note END
    WHERE rowid = NEW.rowid;
END
"#,
        )
        .await?;

        Ok(())
    }
}
