//! Drop the proof of orders.customer_id.
//!
//! Plan     no-longer-require-orders-customer-id · expand · 2 of 2
//! Deploy   after the deploy whose code copes with NULL, before any code writes one
//! Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until a NULL is
//!          written to customer_id

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102031_drop_the_proof_of_orders_customer_id"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared("ALTER TABLE orders DROP CONSTRAINT orders_customer_id_required")
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        let offending = db
            .query_one_raw(Statement::from_string(
                db.get_database_backend(),
                "SELECT id FROM orders WHERE customer_id IS NULL LIMIT 5",
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "orders.customer_id still holds NULLs: fill them before it becomes required"
                    .to_owned(),
            ));
        }
        db.execute_unprepared(
            r#"
            ALTER TABLE orders
                ADD CONSTRAINT orders_customer_id_required
                CHECK (customer_id IS NOT NULL) NOT VALID
            "#,
        )
        .await?;

        Ok(())
    }
}
