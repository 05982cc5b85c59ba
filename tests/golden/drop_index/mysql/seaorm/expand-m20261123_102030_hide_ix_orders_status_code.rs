//! Hide ix_orders_status_code.
//!
//! Plan     drop-index-ix-orders-status-code-of-orders · expand · 1 of 1
//! Deploy   at any time; then watch the slowest queries for some days
//! Up       INPLACE, LOCK=NONE on orders, < 10 ms, waits at most 2 s
//! Down     INPLACE, LOCK=NONE on orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_hide_ix_orders_status_code"
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
                ALTER INDEX ix_orders_status_code INVISIBLE, ALGORITHM=INPLACE, LOCK=NONE;
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
                ALTER INDEX ix_orders_status_code VISIBLE, ALGORITHM=INPLACE, LOCK=NONE;
            "#,
        )
        .await?;

        Ok(())
    }
}
