//! Rename constraint ck_orders_status of orders to ck_orders_status_code.
//!
//! Plan     rename-constraint-ck-orders-status-to-ck-orders-status-code · expand · 1 of 1
//! Deploy   at any time; the code that names it belongs to the same deploy
//! Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_rename_constraint_ck_orders_status_of_orders_to_ck_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared(
            "ALTER TABLE orders RENAME CONSTRAINT ck_orders_status TO ck_orders_status_code",
        )
        .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared(
            "ALTER TABLE orders RENAME CONSTRAINT ck_orders_status_code TO ck_orders_status",
        )
        .await?;

        Ok(())
    }
}
