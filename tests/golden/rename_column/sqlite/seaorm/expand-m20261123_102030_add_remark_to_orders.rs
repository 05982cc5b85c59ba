//! Add remark to orders.
//!
//! Plan     rename-orders-note · expand · 1 of 2
//! Deploy   before the deploy of the code that uses remark
//! Up       RESERVED on orders, < 10 ms, waits at most 2 s
//! Down     EXCLUSIVE on orders while writing the table anew, 7–20 min, waits at most 2 s: reads
//!          and writes wait · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_add_remark_to_orders"
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
        // Every value stands in note too.
        manager
            .alter_table(
                Table::alter()
                    .table("orders")
                    .add_column(ColumnDef::new("remark").custom("TEXT"))
                    .to_owned(),
            )
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("PRAGMA busy_timeout = 2000").await?;
        manager
            .alter_table(
                Table::alter()
                    .table("orders")
                    .drop_column("remark")
                    .to_owned(),
            )
            .await?;

        Ok(())
    }
}
