//! Rename ix_visits_page_new to ix_visits_page.
//!
//! Plan     build-ix-visits-page-of-visits-anew · expand · 3 of 3
//! Deploy   at any time
//! Up       INSTANT on visits, < 10 ms, waits at most 2 s
//! Down     INSTANT on visits, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102032_rename_ix_visits_page_new_to_ix_visits_page"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            ALTER TABLE visits RENAME INDEX ix_visits_page_new TO ix_visits_page, ALGORITHM=INSTANT;
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
            ALTER TABLE visits RENAME INDEX ix_visits_page TO ix_visits_page_new, ALGORITHM=INSTANT;
            "#,
        )
        .await?;

        Ok(())
    }
}
