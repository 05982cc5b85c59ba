//! Add currency to orders.
//!
//! Plan     add-currency-to-orders · expand · 1 of 1
//! Deploy   before the deploy of the code that uses orders.currency
//! Up       INSTANT on orders, < 10 ms, waits at most 2 s
//! Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless until currency is written

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_add_currency_to_orders"
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
                ADD COLUMN currency varchar(3) NOT NULL DEFAULT 'EUR', ALGORITHM=INSTANT;
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
            ALTER TABLE orders DROP COLUMN currency, ALGORITHM=INSTANT;
            "#,
        )
        .await?;

        Ok(())
    }
}
