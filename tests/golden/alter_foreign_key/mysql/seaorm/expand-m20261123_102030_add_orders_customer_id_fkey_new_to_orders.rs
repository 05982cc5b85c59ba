//! Add orders_customer_id_fkey_new to orders.
//!
//! Plan     change-orders-customer-id-fkey-of-orders · expand · 1 of 3
//! Deploy   before the deploy of the code that counts on ON DELETE CASCADE
//! Up       INPLACE, LOCK=NONE on customers and orders, < 10 ms, waits at most 2 s
//! Down     INPLACE, LOCK=NONE on customers and orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_add_orders_customer_id_fkey_new_to_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            SET SESSION foreign_key_checks = 0;
            ALTER TABLE orders
                ADD CONSTRAINT orders_customer_id_fkey_new
                FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE, ALGORITHM=INPLACE, LOCK=NONE;
            SET SESSION foreign_key_checks = 1;
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
            ALTER TABLE orders
                DROP FOREIGN KEY orders_customer_id_fkey_new, ALGORITHM=INPLACE, LOCK=NONE;
            "#,
        )
        .await?;

        Ok(())
    }
}
