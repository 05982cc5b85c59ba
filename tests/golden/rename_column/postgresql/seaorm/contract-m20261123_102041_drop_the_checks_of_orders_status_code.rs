//! Drop the checks of orders.status_code.
//!
//! Plan     rename-orders-status-code · contract · 3 of 5
//! Deploy   a release later, when every running instance uses only status
//! Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102041_drop_the_checks_of_orders_status_code"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared("ALTER TABLE orders DROP CONSTRAINT ck_orders_status")
            .await?;
        db.execute_unprepared("ALTER TABLE orders DROP CONSTRAINT orders_status_code_required")
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
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
        db.execute_unprepared(
            "ALTER TABLE orders ADD CONSTRAINT ck_orders_status CHECK (status_code <> '') NOT VALID",
        )
        .await?;

        Ok(())
    }
}
