//! Rename index ix_orders_status_code of orders to ix_orders_state.
//!
//! Plan     rename-index-ix-orders-status-code-to-ix-orders-state · expand · 1 of 1
//! Deploy   at any time
//! Up       SHARE UPDATE EXCLUSIVE on ix_orders_status_code: reads and writes go on
//! Down     SHARE UPDATE EXCLUSIVE on ix_orders_state: reads and writes go on · lossless

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

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared("ALTER INDEX ix_orders_status_code RENAME TO ix_orders_state")
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared("ALTER INDEX ix_orders_state RENAME TO ix_orders_status_code")
            .await?;

        Ok(())
    }
}
