//! Add ck_orders_status_status to orders.
//!
//! Plan     rename-orders-status-code · validate · 2 of 3
//! Deploy   when the fill is done; then deploy the code that uses only status
//! Tool     pt-online-schema-change does this in production, where the table is large; then this
//!          file is marked as run
//! Up       COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
//!          writes wait, reads go on but for both ends
//! Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102034_add_ck_orders_status_status_to_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            ALTER TABLE orders
                ADD CONSTRAINT ck_orders_status_status
                CHECK (status <> ''), ALGORITHM=COPY, LOCK=SHARED;
            "#,
        )
        .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            ALTER TABLE orders DROP CHECK ck_orders_status_status, ALGORITHM=INSTANT;
            "#,
        )
        .await?;

        Ok(())
    }
}
