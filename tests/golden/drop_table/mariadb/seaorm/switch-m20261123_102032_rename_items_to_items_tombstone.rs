//! Rename items to items_tombstone.
//!
//! Plan     drop-items · switch · 3 of 3
//! Deploy   when nothing uses items any more
//! Up       metadata lock on items, < 10 ms, waits at most 2 s
//! Down     metadata lock on items_tombstone, < 10 ms, waits at most 2 s · lossless

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

        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            RENAME TABLE items TO items_tombstone;
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
            RENAME TABLE items_tombstone TO items;
            "#,
        )
        .await?;

        Ok(())
    }
}
