//! Drop the checks of orders.status_code.
//!
//! Plan     drop-orders-status-code · contract · 2 of 6
//! Deploy   a release later, when no running instance names orders.status_code
//! Up       INSTANT on orders, < 10 ms, waits at most 2 s
//! Down     COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
//!          writes wait, reads go on but for both ends · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102031_drop_the_checks_of_orders_status_code"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            ALTER TABLE orders DROP CHECK ck_orders_status, ALGORITHM=INSTANT;
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
            ALTER TABLE orders
                ADD CONSTRAINT ck_orders_status
                CHECK (status_code <> ''), ALGORITHM=COPY, LOCK=SHARED;
            "#,
        )
        .await?;

        Ok(())
    }
}
