//! Drop default of orders.created_at.
//!
//! Plan     drop-default-of-orders-created-at · contract · 1 of 1
//! Deploy   after the deploy whose code writes orders.created_at itself
//! Up       INSTANT on orders, < 10 ms, waits at most 2 s
//! Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_drop_default_of_orders_created_at"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            ALTER TABLE orders ALTER COLUMN created_at SET DEFAULT NULL, ALGORITHM=INSTANT;
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
            ALTER TABLE orders MODIFY COLUMN created_at datetime(6) NULL DEFAULT current_timestamp(6), ALGORITHM=INSTANT;
            "#,
        )
        .await?;

        Ok(())
    }
}
