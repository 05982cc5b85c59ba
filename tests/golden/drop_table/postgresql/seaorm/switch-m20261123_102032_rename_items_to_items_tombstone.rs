//! Rename items to items_tombstone.
//!
//! Plan     drop-items · switch · 3 of 3
//! Deploy   when nothing uses items any more
//! Up       ACCESS EXCLUSIVE on items, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on items_tombstone, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102032_rename_items_to_items_tombstone"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        manager
            .rename_table(Table::rename().table("items", "items_tombstone").to_owned())
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        manager
            .rename_table(Table::rename().table("items_tombstone", "items").to_owned())
            .await?;

        Ok(())
    }
}
