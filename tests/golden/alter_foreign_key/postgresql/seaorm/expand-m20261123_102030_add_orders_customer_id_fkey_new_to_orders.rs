//! Add orders_customer_id_fkey_new to orders.
//!
//! Plan     change-orders-customer-id-fkey-of-orders · expand · 1 of 3
//! Deploy   before the deploy of the code that counts on ON DELETE CASCADE
//! Up       SHARE ROW EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s · lossless

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

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared("LOCK TABLE customers, orders IN SHARE ROW EXCLUSIVE MODE")
            .await?;
        db.execute_unprepared(
            r#"
            ALTER TABLE orders
                ADD CONSTRAINT orders_customer_id_fkey_new
                FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE NOT VALID
            "#,
        )
        .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared("LOCK TABLE customers, orders IN ACCESS EXCLUSIVE MODE")
            .await?;
        manager
            .drop_foreign_key(
                ForeignKey::drop()
                    .name("orders_customer_id_fkey_new")
                    .table("orders")
                    .to_owned(),
            )
            .await?;

        Ok(())
    }
}
