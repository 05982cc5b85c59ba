//! Rename index ix_orders_status_code of orders to ix_orders_state.
//!
//! Plan     rename-index-ix-orders-status-code-to-ix-orders-state · expand · 1 of 1
//! Deploy   at any time
//! Up       RESERVED on orders while building, 1–7 min, waits at most 2 s: writes wait, reads go
//!          on; then RESERVED on orders, < 10 ms, waits at most 2 s
//! Down     RESERVED on orders while building, 1–7 min, waits at most 2 s: writes wait, reads go
//!          on; then RESERVED on orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_rename_index_ix_orders_status_code_of_orders_to_ix_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("PRAGMA busy_timeout = 2000").await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_orders_state")
                    .table("orders")
                    .col("status_code")
                    .col(("created_at", IndexOrder::Desc))
                    .to_owned(),
            )
            .await?;
        manager
            .drop_index(
                Index::drop()
                    .name("ix_orders_status_code")
                    .table("orders")
                    .to_owned(),
            )
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("PRAGMA busy_timeout = 2000").await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_orders_status_code")
                    .table("orders")
                    .col("status_code")
                    .col(("created_at", IndexOrder::Desc))
                    .to_owned(),
            )
            .await?;
        manager
            .drop_index(
                Index::drop()
                    .name("ix_orders_state")
                    .table("orders")
                    .to_owned(),
            )
            .await?;

        Ok(())
    }
}
