//! No longer require orders.customer_id.
//!
//! Plan     no-longer-require-orders-customer-id · expand · 1 of 2
//! Deploy   after the deploy whose code copes with NULL, before any code writes one
//! Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
//! Down     SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go
//!          on; then ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until a NULL
//!          is written to customer_id

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_no_longer_require_orders_customer_id"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let manager = manager.begin().await?;
        let db = manager.get_connection();
        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared(
            r#"
            ALTER TABLE orders
                ADD CONSTRAINT orders_customer_id_required
                CHECK (customer_id IS NOT NULL) NOT VALID
            "#,
        )
        .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("orders")
                    .modify_column(ColumnDef::new("customer_id").null())
                    .to_owned(),
            )
            .await?;
        manager.commit().await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_id_required")
            .await?;

        let manager = manager.begin().await?;
        let db = manager.get_connection();
        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("orders")
                    .modify_column(ColumnDef::new("customer_id").not_null())
                    .to_owned(),
            )
            .await?;
        db.execute_unprepared("ALTER TABLE orders DROP CONSTRAINT orders_customer_id_required")
            .await?;
        manager.commit().await?;

        Ok(())
    }
}
