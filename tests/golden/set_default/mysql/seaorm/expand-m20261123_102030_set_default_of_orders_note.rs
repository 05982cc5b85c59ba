//! Set default of orders.note.
//!
//! Plan     set-default-of-orders-note · expand · 1 of 1
//! Deploy   before the deploy of the code that uses the default of note
//! Up       INSTANT on orders, < 10 ms, waits at most 2 s
//! Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_set_default_of_orders_note"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            ALTER TABLE orders ALTER COLUMN note SET DEFAULT 'none', ALGORITHM=INSTANT;
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
            ALTER TABLE orders ALTER COLUMN note SET DEFAULT NULL, ALGORITHM=INSTANT;
            "#,
        )
        .await?;

        Ok(())
    }
}
