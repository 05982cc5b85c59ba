//! Add check ck_orders_total to orders.
//!
//! Plan     add-check-ck-orders-total-to-orders · expand · 1 of 1
//! Deploy   after the deploy whose code writes only rows with total >= 0
//! Tool     pt-online-schema-change does this in production, where the table is large; then this
//!          file is marked as run
//! Up       COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
//!          writes wait, reads go on but for both ends
//! Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_add_check_ck_orders_total_to_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        let offending = db
            .query_one_raw(Statement::from_string(
                db.get_database_backend(),
                "SELECT id FROM orders WHERE NOT (total >= 0) LIMIT 5",
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "orders holds rows for which total >= 0 does not hold: mend them before \
                 ck_orders_total forbids them"
                    .to_owned(),
            ));
        }
        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            ALTER TABLE orders
                ADD CONSTRAINT ck_orders_total
                CHECK (total >= 0), ALGORITHM=COPY, LOCK=SHARED;
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
            ALTER TABLE orders DROP CHECK ck_orders_total, ALGORITHM=INSTANT;
            "#,
        )
        .await?;

        Ok(())
    }
}
