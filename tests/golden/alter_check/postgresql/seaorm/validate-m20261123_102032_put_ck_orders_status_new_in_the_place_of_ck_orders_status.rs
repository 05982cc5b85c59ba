//! Put ck_orders_status_new in the place of ck_orders_status.
//!
//! Plan     change-ck-orders-status-of-orders · validate · 2 of 2
//! Deploy   after expand
//! Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until a row breaks
//!          the earlier ck_orders_status

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102032_put_ck_orders_status_new_in_the_place_of_ck_orders_status"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared("ALTER TABLE orders DROP CONSTRAINT ck_orders_status")
            .await?;
        db.execute_unprepared(
            "ALTER TABLE orders RENAME CONSTRAINT ck_orders_status_new TO ck_orders_status",
        )
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
            "ALTER TABLE orders RENAME CONSTRAINT ck_orders_status TO ck_orders_status_new",
        )
        .await?;
        db.execute_unprepared(
            "ALTER TABLE orders ADD CONSTRAINT ck_orders_status CHECK (status_code <> '') NOT VALID",
        )
        .await?;

        Ok(())
    }
}
