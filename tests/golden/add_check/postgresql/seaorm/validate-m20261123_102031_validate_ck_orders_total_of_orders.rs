//! Validate ck_orders_total of orders.
//!
//! Plan     add-check-ck-orders-total-to-orders · validate · 1 of 1
//! Deploy   after expand
//! Up       SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go
//!          on
//! Down     nothing to do: ck_orders_total stays validated, which harms nothing · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102031_validate_ck_orders_total_of_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_total")
            .await?;

        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // ck_orders_total stays validated, which harms nothing.
        Ok(())
    }
}
