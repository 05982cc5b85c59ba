//! Drop orders_customer_id_fkey from orders.
//!
//! Plan     drop-orders-customer-id-fkey-from-orders · contract · 2 of 2
//! Deploy   when no running code counts on the constraint
//! Up       INSTANT on orders, < 10 ms, waits at most 2 s
//! Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless until a row breaks
//!          orders_customer_id_fkey

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102031_drop_orders_customer_id_fkey_from_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            ALTER TABLE orders DROP FOREIGN KEY orders_customer_id_fkey, ALGORITHM=INSTANT;
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
                r#"
                SELECT child.id
                FROM orders AS child
                WHERE child.customer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers AS parent WHERE parent.id = child.customer_id)
                LIMIT 5
                "#,
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "rows of orders point to rows of customers that do not exist".to_owned(),
            ));
        }
        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            SET STATEMENT foreign_key_checks = 0 FOR ALTER TABLE orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id), ALGORITHM=INSTANT;
            "#,
        )
        .await?;

        Ok(())
    }
}
