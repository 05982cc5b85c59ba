//! Validate orders_billing_id_fkey.
//!
//! Plan     add-foreign-key-orders-customers · validate · 1 of 1
//! Deploy   after expand
//! Up       consistent read on orders while reading every row, 1–4 min: reads and writes go on
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

        db.execute_unprepared(
            r#"
            DO CASE WHEN EXISTS (
                SELECT 1 FROM orders AS child WHERE child.billing_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers AS parent WHERE parent.id = child.billing_id) LIMIT 1
            ) THEN UUID_TO_BIN('rows of orders point to rows of customers that do not exist') END
            "#,
        )
        .await?;

        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // orders_billing_id_fkey stays validated, which harms nothing.
        Ok(())
    }
}
