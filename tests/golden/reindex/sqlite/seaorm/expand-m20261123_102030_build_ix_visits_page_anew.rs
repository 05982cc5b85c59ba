//! Build ix_visits_page of visits anew.
//!
//! Plan     build-ix-visits-page-of-visits-anew · expand · 1 of 1
//! Deploy   at any time
//! Up       RESERVED on visits, < 10 ms, waits at most 2 s; then RESERVED on visits while building,
//!          1–7 min, waits at most 2 s: writes wait, reads go on
//! Down     ix_visits_page is what it was, built anew: nothing to undo · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_build_ix_visits_page_anew"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("PRAGMA busy_timeout = 2000").await?;
        manager
            .drop_index(
                Index::drop()
                    .name("ix_visits_page")
                    .table("visits")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_visits_page")
                    .table("visits")
                    .col("page")
                    .to_owned(),
            )
            .await?;

        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // ix_visits_page is what it was, built anew: nothing to undo.
        Ok(())
    }
}
