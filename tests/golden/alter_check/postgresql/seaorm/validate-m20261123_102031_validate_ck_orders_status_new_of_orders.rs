//! Validate ck_orders_status_new of orders.
//!
//! Plan     change-ck-orders-status-of-orders · validate · 1 of 2
//! Deploy   after expand
//! Up       SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go
//!          on
//! Down     SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go
//!          on · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102031_validate_ck_orders_status_new_of_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_status_new")
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_status")
            .await?;

        Ok(())
    }
}
