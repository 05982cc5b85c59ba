//! Drop ck_orders_status from orders.
//!
//! Plan     change-ck-orders-status-of-orders · expand · 2 of 2
//! Deploy   after the deploy whose code writes only rows with status_code IN ('new', 'paid',
//!          'sent')
//! Up       INSTANT on orders, < 10 ms, waits at most 2 s
//! Down     COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
//!          writes wait, reads go on but for both ends · lossless until a row breaks the earlier
//!          ck_orders_status

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102031_drop_ck_orders_status_from_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            ALTER TABLE orders DROP CONSTRAINT ck_orders_status, ALGORITHM=INSTANT;
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
                "SELECT id FROM orders WHERE NOT (status_code <> '') LIMIT 5",
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "orders holds rows for which status_code <> '' does not hold: mend them before \
                 ck_orders_status forbids them"
                    .to_owned(),
            ));
        }
        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            ALTER TABLE orders
                ADD CONSTRAINT ck_orders_status
                CHECK (status_code <> ''), ALGORITHM=COPY, LOCK=SHARED;
            "#,
        )
        .await?;

        Ok(())
    }
}
