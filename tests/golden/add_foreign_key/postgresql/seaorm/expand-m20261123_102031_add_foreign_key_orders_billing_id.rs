//! Add foreign key orders billing_id.
//!
//! Plan     add-foreign-key-orders-customers · expand · 2 of 2
//! Deploy   at any time
//! Up       SHARE ROW EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s · lossless

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

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared("LOCK TABLE customers, orders IN SHARE ROW EXCLUSIVE MODE")
            .await?;
        db.execute_unprepared(
            r#"
            ALTER TABLE orders
                ADD CONSTRAINT orders_billing_id_fkey
                FOREIGN KEY (billing_id) REFERENCES customers (id) NOT VALID
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
                    .name("orders_billing_id_fkey")
                    .table("orders")
                    .to_owned(),
            )
            .await?;

        Ok(())
    }
}
