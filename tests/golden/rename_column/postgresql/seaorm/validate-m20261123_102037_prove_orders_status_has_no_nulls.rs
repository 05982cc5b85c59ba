//! Prove orders.status has no nulls.
//!
//! Plan     rename-orders-status-code · validate · 5 of 6
//! Deploy   when the fill is done; then deploy the code that uses only status
//! Up       SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go
//!          on
//! Down     nothing to do: orders_status_required stays validated, which harms nothing · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102037_prove_orders_status_has_no_nulls"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("ALTER TABLE orders VALIDATE CONSTRAINT orders_status_required")
            .await?;

        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // orders_status_required stays validated, which harms nothing.
        Ok(())
    }
}
