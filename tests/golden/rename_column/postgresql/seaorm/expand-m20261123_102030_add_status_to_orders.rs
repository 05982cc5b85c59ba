//! Add status to orders.
//!
//! Plan     rename-orders-status-code · expand · 1 of 2
//! Deploy   before the deploy of the code that uses status
//! Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_add_status_to_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        // Every value stands in status_code too.
        manager
            .alter_table(
                Table::alter()
                    .table("orders")
                    .add_column(ColumnDef::new("status").string_len(20))
                    .to_owned(),
            )
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("orders")
                    .drop_column("status")
                    .to_owned(),
            )
            .await?;

        Ok(())
    }
}
