//! Add index on orders (status_code, total).
//!
//! Plan     add-index-on-orders-status-code-total · expand · 1 of 1
//! Deploy   at any time
//! Up       RESERVED on orders while building, 1–7 min, waits at most 2 s: writes wait, reads go on
//! Down     RESERVED on orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_add_ix_orders_status_code_total"
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
                    .name("ix_orders_status_code_total")
                    .table("orders")
                    .col("status_code")
                    .col("total")
                    .to_owned(),
            )
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("PRAGMA busy_timeout = 2000").await?;
        manager
            .drop_index(
                Index::drop()
                    .name("ix_orders_status_code_total")
                    .table("orders")
                    .to_owned(),
            )
            .await?;

        Ok(())
    }
}
