//! Change orders.total to decimal(14,4).
//!
//! Plan     change-type-orders-total · switch · 1 of 1
//! Deploy   after the deploy that copes with both types
//! Tool     pt-online-schema-change does this in production, where the table is large; then this
//!          file is marked as run
//! Up       COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
//!          writes wait, reads go on but for both ends
//! Down     COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
//!          writes wait, reads go on but for both ends · lossless until orders.total holds a value
//!          that decimal(10,2) cannot hold

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_change_orders_total_to_decimal_14_4"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            SET STATEMENT sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES') FOR ALTER TABLE orders MODIFY COLUMN total decimal(14,4) NULL DEFAULT NULL, ALGORITHM=COPY, LOCK=SHARED;
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
                SELECT id
                FROM orders
                WHERE NOT (abs(total) < 100000000 AND total = round(total, 2))
                LIMIT 5
                "#,
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "the way back is closed: orders.total holds values that decimal(10,2) cannot hold"
                    .to_owned(),
            ));
        }
        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            SET STATEMENT sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES') FOR ALTER TABLE orders MODIFY COLUMN total decimal(10,2) NULL DEFAULT NULL, ALGORITHM=COPY, LOCK=SHARED;
            "#,
        )
        .await?;

        Ok(())
    }
}
