//! Prove the checks of orders.status_code on the way back.
//!
//! Plan     drop-orders-status-code · contract · 2 of 7
//! Deploy   a release later, when no running instance names orders.status_code
//! Up       no lock
//! Down     SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go
//!          on · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102031_prove_the_checks_of_orders_status_code_on_the_way_back"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // Only the downgrade has work to do: it proves orders.status_code again.
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_status")
            .await?;

        Ok(())
    }
}
