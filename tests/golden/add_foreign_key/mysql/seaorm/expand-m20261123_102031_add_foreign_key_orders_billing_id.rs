//! Add foreign key orders billing_id.
//!
//! Plan     add-foreign-key-orders-customers · expand · 2 of 2
//! Deploy   at any time
//! Up       INPLACE, LOCK=NONE on customers and orders, < 10 ms, waits at most 2 s
//! Down     INPLACE, LOCK=NONE on customers and orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102031_add_foreign_key_orders_billing_id"
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
                ADD CONSTRAINT orders_billing_id_fkey
                FOREIGN KEY (billing_id) REFERENCES customers (id), ALGORITHM=INPLACE, LOCK=NONE;
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
                DROP FOREIGN KEY orders_billing_id_fkey, ALGORITHM=INPLACE, LOCK=NONE;
            "#,
        )
        .await?;

        Ok(())
    }
}
