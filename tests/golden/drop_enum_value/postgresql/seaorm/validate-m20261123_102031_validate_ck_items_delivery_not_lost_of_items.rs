//! Validate ck_items_delivery_not_lost of items.
//!
//! Plan     drop-lost-from-delivery · validate · 2 of 2
//! Deploy   when no row holds it any more
//! Up       SHARE UPDATE EXCLUSIVE on items while reading every row, 1–4 min: reads and writes go
//!          on
//! Down     nothing to do: ck_items_delivery_not_lost stays validated, which harms nothing ·
//!          lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102031_validate_ck_items_delivery_not_lost_of_items"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("ALTER TABLE items VALIDATE CONSTRAINT ck_items_delivery_not_lost")
            .await?;

        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // ck_items_delivery_not_lost stays validated, which harms nothing.
        Ok(())
    }
}
