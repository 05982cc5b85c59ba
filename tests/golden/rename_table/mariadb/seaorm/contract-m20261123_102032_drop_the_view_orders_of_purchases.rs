//! Drop the view orders of purchases.
//!
//! Plan     rename-orders-to-purchases · contract · 1 of 1
//! Deploy   a release later, when nothing says orders any more
//! Up       metadata lock on orders, < 10 ms, waits at most 2 s
//! Down     no lock · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102032_drop_the_view_orders_of_purchases"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
SET SESSION lock_wait_timeout = 2;
DROP VIEW orders;
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
CREATE VIEW orders AS
SELECT id, customer_id, billing_id, status_code, total, note, shown, created_at
FROM purchases;
"#,
        )
        .await?;

        Ok(())
    }
}
