//! Validate orders_billing_id_fkey.
//!
//! Plan     add-foreign-key-orders-customers · validate · 1 of 1
//! Deploy   after expand
//! Up       SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go
//!          on
//! Down     nothing to do: orders_billing_id_fkey stays validated, which harms nothing · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102032_validate_orders_billing_id_fkey"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("ALTER TABLE orders VALIDATE CONSTRAINT orders_billing_id_fkey")
            .await?;

        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // orders_billing_id_fkey stays validated, which harms nothing.
        Ok(())
    }
}
