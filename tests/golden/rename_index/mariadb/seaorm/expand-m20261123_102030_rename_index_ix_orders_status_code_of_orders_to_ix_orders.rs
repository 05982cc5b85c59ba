//! Rename index ix_orders_status_code of orders to ix_orders_state.
//!
//! Plan     rename-index-ix-orders-status-code-to-ix-orders-state · expand · 1 of 1
//! Deploy   at any time
//! Up       INSTANT on orders, < 10 ms, waits at most 2 s
//! Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_rename_index_ix_orders_status_code_of_orders_to_ix_orders"
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
                RENAME INDEX ix_orders_status_code TO ix_orders_state, ALGORITHM=INSTANT;
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
                RENAME INDEX ix_orders_state TO ix_orders_status_code, ALGORITHM=INSTANT;
            "#,
        )
        .await?;

        Ok(())
    }
}
