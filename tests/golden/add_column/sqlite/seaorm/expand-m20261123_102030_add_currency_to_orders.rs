//! Add currency to orders.
//!
//! Plan     add-currency-to-orders · expand · 1 of 1
//! Deploy   before the deploy of the code that uses orders.currency
//! Up       RESERVED on orders, < 10 ms, waits at most 2 s
//! Down     EXCLUSIVE on orders while writing the table anew, 7–20 min, waits at most 2 s: reads
//!          and writes wait · lossless until currency is written

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_add_currency_to_orders"
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
            .alter_table(
                Table::alter()
                    .table("orders")
                    .add_column(
                        ColumnDef::new("currency")
                            .custom("varchar(3)")
                            .not_null()
                            .default("EUR"),
                    )
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
                    .drop_column("currency")
                    .to_owned(),
            )
            .await?;

        Ok(())
    }
}
