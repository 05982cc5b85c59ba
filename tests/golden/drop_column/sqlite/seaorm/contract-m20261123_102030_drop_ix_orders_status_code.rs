//! Drop ix_orders_status_code.
//!
//! Plan     drop-orders-status-code · contract · 1 of 5
//! Deploy   a release later, when no running instance names orders.status_code
//! Up       RESERVED on orders, < 10 ms, waits at most 2 s
//! Down     RESERVED on orders while building, 1–7 min, waits at most 2 s: writes wait, reads go on
//!          · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_drop_ix_orders_status_code"
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

        Ok(())
    }
}
