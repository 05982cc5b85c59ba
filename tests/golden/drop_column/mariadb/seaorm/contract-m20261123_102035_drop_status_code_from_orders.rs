//! Drop status_code from orders.
//!
//! Plan     drop-orders-status-code · contract · 6 of 6
//! Deploy   a release later, when no running instance names orders.status_code
//! Up       INSTANT on orders, < 10 ms, waits at most 2 s
//! Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless until
//!          orders_status_code_archive is dropped

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102035_drop_status_code_from_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            ALTER TABLE orders DROP COLUMN status_code, ALGORITHM=INSTANT;
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
                ADD COLUMN status_code varchar(20) NOT NULL DEFAULT 'new', ALGORITHM=INSTANT;
            "#,
        )
        .await?;

        Ok(())
    }
}
