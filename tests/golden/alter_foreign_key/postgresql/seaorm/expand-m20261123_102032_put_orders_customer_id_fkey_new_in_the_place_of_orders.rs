//! Put orders_customer_id_fkey_new in the place of orders_customer_id_fkey.
//!
//! Plan     change-orders-customer-id-fkey-of-orders · expand · 3 of 3
//! Deploy   before the deploy of the code that counts on ON DELETE CASCADE
//! Up       ACCESS EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102032_put_orders_customer_id_fkey_new_in_the_place_of_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared("LOCK TABLE customers, orders IN ACCESS EXCLUSIVE MODE")
            .await?;
        manager
            .drop_foreign_key(
                ForeignKey::drop()
                    .name("orders_customer_id_fkey")
                    .table("orders")
                    .to_owned(),
            )
            .await?;
        db.execute_unprepared(
            r#"
            ALTER TABLE orders
                RENAME CONSTRAINT orders_customer_id_fkey_new TO orders_customer_id_fkey
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
        db.execute_unprepared(
            r#"
            ALTER TABLE orders
                RENAME CONSTRAINT orders_customer_id_fkey TO orders_customer_id_fkey_new
            "#,
        )
        .await?;
        db.execute_unprepared(
            r#"
            ALTER TABLE orders
                ADD CONSTRAINT orders_customer_id_fkey
                FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID
            "#,
        )
        .await?;

        Ok(())
    }
}
