//! Prove items_product_id_fkey on the way back.
//!
//! Plan     drop-items · switch · 1 of 3
//! Deploy   when nothing uses items any more
//! Up       no lock
//! Down     SHARE UPDATE EXCLUSIVE on items while reading every row, 1–4 min: reads and writes go
//!          on · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_prove_items_product_id_fkey_on_the_way_back"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // Only the downgrade has work to do: it proves items_product_id_fkey.
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("ALTER TABLE items VALIDATE CONSTRAINT items_product_id_fkey")
            .await?;

        Ok(())
    }
}
