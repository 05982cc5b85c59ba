//! Add ck_orders_status_new to orders.
//!
//! Plan     change-ck-orders-status-of-orders · expand · 1 of 1
//! Deploy   after the deploy whose code writes only rows with status_code IN ('new', 'paid',
//!          'sent')
//! Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_add_ck_orders_status_new_to_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared(
            r#"
            ALTER TABLE orders
                ADD CONSTRAINT ck_orders_status_new
                CHECK (status_code IN ('new', 'paid', 'sent')) NOT VALID
            "#,
        )
        .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared("ALTER TABLE orders DROP CONSTRAINT ck_orders_status_new")
            .await?;

        Ok(())
    }
}
