//! Drop ix_visits_page.
//!
//! Plan     build-ix-visits-page-of-visits-anew · expand · 2 of 3
//! Deploy   at any time
//! Up       NOCOPY, LOCK=NONE on visits, < 10 ms, waits at most 2 s
//! Down     NOCOPY, LOCK=NONE on visits while building, 1–7 min: reads and writes go on, but queue
//!          at both ends, where it waits for open transactions, at most 2 s each time · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102031_drop_ix_visits_page"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            ALTER TABLE visits DROP INDEX ix_visits_page, ALGORITHM=NOCOPY, LOCK=NONE;
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
            ALTER TABLE visits ADD INDEX ix_visits_page (page), ALGORITHM=NOCOPY, LOCK=NONE;
            "#,
        )
        .await?;

        Ok(())
    }
}
