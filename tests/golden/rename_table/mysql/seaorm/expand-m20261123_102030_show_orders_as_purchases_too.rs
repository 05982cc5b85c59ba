//! Show orders as purchases too.
//!
//! Plan     rename-orders-to-purchases · expand · 1 of 1
//! Deploy   before the deploy of the code that uses purchases
//! Up       no lock
//! Down     metadata lock on purchases, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_show_orders_as_purchases_too"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
SET SESSION lock_wait_timeout = 2;
CREATE VIEW purchases AS
SELECT id, customer_id, billing_id, status_code, total, note, shown, created_at
FROM orders;
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
DROP VIEW purchases;
"#,
        )
        .await?;

        Ok(())
    }
}
