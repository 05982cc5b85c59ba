//! No longer require orders.status_code.
//!
//! Plan     rename-orders-status-code · contract · 2 of 5
//! Deploy   a release later, when every running instance uses only status
//! Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
//! Down     SHARE UPDATE EXCLUSIVE on orders while reading every row, 2–8 min: reads and writes go
//!          on; then ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102040_no_longer_require_orders_status_code"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let manager = manager.begin().await?;
        let db = manager.get_connection();
        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared(
            r#"
            ALTER TABLE orders
                ADD CONSTRAINT orders_status_code_required
                CHECK (status_code IS NOT NULL) NOT VALID
            "#,
        )
        .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("orders")
                    .modify_column(ColumnDef::new("status_code").null())
                    .to_owned(),
            )
            .await?;
        manager.commit().await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_status")
            .await?;
        db.execute_unprepared("ALTER TABLE orders VALIDATE CONSTRAINT orders_status_code_required")
            .await?;

        let manager = manager.begin().await?;
        let db = manager.get_connection();
        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("orders")
                    .modify_column(ColumnDef::new("status_code").not_null())
                    .to_owned(),
            )
            .await?;
        db.execute_unprepared("ALTER TABLE orders DROP CONSTRAINT orders_status_code_required")
            .await?;
        manager.commit().await?;

        Ok(())
    }
}
