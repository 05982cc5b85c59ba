//! Validate orders_customer_id_fkey_new of orders.
//!
//! Plan     change-orders-customer-id-fkey-of-orders · expand · 2 of 3
//! Deploy   before the deploy of the code that counts on ON DELETE CASCADE
//! Up       consistent read on orders while reading every row, 1–4 min: reads and writes go on
//! Down     consistent read on orders while reading every row, 1–4 min: reads and writes go on ·
//!          lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102031_validate_orders_customer_id_fkey_new_of_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            DO CASE WHEN EXISTS (
                SELECT 1 FROM orders AS child WHERE child.customer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers AS parent WHERE parent.id = child.customer_id) LIMIT 1
            ) THEN UUID_TO_BIN('rows of orders point to rows of customers that do not exist') END
            "#,
        )
        .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            DO CASE WHEN EXISTS (
                SELECT 1 FROM orders AS child WHERE child.customer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers AS parent WHERE parent.id = child.customer_id) LIMIT 1
            ) THEN UUID_TO_BIN('rows of orders point to rows of customers that do not exist') END
            "#,
        )
        .await?;

        Ok(())
    }
}
