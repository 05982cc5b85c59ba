//! Rename orders to purchases.
//!
//! Plan     rename-orders-to-purchases · switch · 1 of 1
//! Deploy   when the deploy is done everywhere
//! Up       metadata lock on orders and purchases, < 10 ms, waits at most 2 s
//! Down     metadata lock on purchases and orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102031_rename_orders_to_purchases"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            CREATE OR REPLACE VIEW orders_view AS
            SELECT id, customer_id, billing_id, status_code, total, note, shown, created_at
            FROM purchases;
            RENAME TABLE purchases TO purchases_gone, orders TO purchases, orders_view TO orders;
            DROP VIEW purchases_gone;
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
            CREATE OR REPLACE VIEW purchases_view AS
            SELECT id, customer_id, billing_id, status_code, total, note, shown, created_at
            FROM orders;
            RENAME TABLE orders TO orders_gone, purchases TO orders, purchases_view TO purchases;
            DROP VIEW orders_gone;
            "#,
        )
        .await?;

        Ok(())
    }
}
