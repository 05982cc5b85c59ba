//! Add ck_orders_status_status to orders.
//!
//! Plan     rename-orders-status-code · validate · 2 of 6
//! Deploy   when the fill is done; then deploy the code that uses only status
//! Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

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

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared(
            r#"
            ALTER TABLE orders
                ADD CONSTRAINT ck_orders_status_status
                CHECK (status <> '') NOT VALID
            "#,
        )
        .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared("ALTER TABLE orders DROP CONSTRAINT ck_orders_status_status")
            .await?;

        Ok(())
    }
}
