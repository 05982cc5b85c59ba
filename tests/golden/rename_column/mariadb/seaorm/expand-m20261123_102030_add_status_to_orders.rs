//! Add status to orders.
//!
//! Plan     rename-orders-status-code · expand · 1 of 2
//! Deploy   before the deploy of the code that uses status
//! Up       INSTANT on orders, < 10 ms, waits at most 2 s
//! Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_add_status_to_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            ALTER TABLE orders ADD COLUMN status varchar(20) NULL DEFAULT NULL, ALGORITHM=INSTANT;
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
            ALTER TABLE orders DROP COLUMN status, ALGORITHM=INSTANT;
            "#,
        )
        .await?;

        Ok(())
    }
}
