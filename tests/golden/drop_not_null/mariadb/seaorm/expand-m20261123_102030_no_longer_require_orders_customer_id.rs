//! No longer require orders.customer_id.
//!
//! Plan     no-longer-require-orders-customer-id · expand · 1 of 1
//! Deploy   after the deploy whose code copes with NULL, before any code writes one
//! Tool     pt-online-schema-change does this in production, where the table is large; then this
//!          file is marked as run
//! Up       INPLACE, LOCK=NONE on orders while writing the table anew, 7–20 min: reads and writes
//!          go on, but queue at both ends, where it waits for open transactions, at most 2 s each
//!          time
//! Down     INPLACE, LOCK=NONE on orders while writing the table anew, 7–20 min: reads and writes
//!          go on, but queue at both ends, where it waits for open transactions, at most 2 s each
//!          time · lossless until a NULL is written to customer_id

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_no_longer_require_orders_customer_id"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            ALTER TABLE orders MODIFY COLUMN customer_id bigint(20) NULL DEFAULT NULL, ALGORITHM=INPLACE, LOCK=NONE;
            "#,
        )
        .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

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
            SET SESSION lock_wait_timeout = 2;
            SET STATEMENT sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES') FOR ALTER TABLE orders MODIFY COLUMN customer_id bigint(20) NOT NULL, ALGORITHM=INPLACE, LOCK=NONE;
            "#,
        )
        .await?;

        Ok(())
    }
}
