//! Require orders.status.
//!
//! Plan     rename-orders-status-code · validate · 6 of 6
//! Deploy   when the fill is done; then deploy the code that uses only status
//! Up       SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go
//!          on; then ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102038_require_orders_status"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("ALTER TABLE orders VALIDATE CONSTRAINT orders_status_required")
            .await?;

        let manager = manager.begin().await?;
        let db = manager.get_connection();
        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("orders")
                    .modify_column(ColumnDef::new("status").not_null())
                    .to_owned(),
            )
            .await?;
        db.execute_unprepared("ALTER TABLE orders DROP CONSTRAINT orders_status_required")
            .await?;
        manager.commit().await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let manager = manager.begin().await?;
        let db = manager.get_connection();
        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared(
            r#"
            ALTER TABLE orders
                ADD CONSTRAINT orders_status_required
                CHECK (status IS NOT NULL) NOT VALID
            "#,
        )
        .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("orders")
                    .modify_column(ColumnDef::new("status").null())
                    .to_owned(),
            )
            .await?;
        manager.commit().await?;

        Ok(())
    }
}
