//! Forbid new nulls in visits.id.
//!
//! Plan     make-visits-id-the-primary-key · expand · 1 of 4
//! Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL
//!          there
//! Up       ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_forbid_new_nulls_in_visits_id"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        let offending = db
            .query_one_raw(Statement::from_string(
                db.get_database_backend(),
                "SELECT 1 FROM visits WHERE id IS NULL LIMIT 5",
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "visits.id still holds NULLs: fill them before it becomes required".to_owned(),
            ));
        }
        db.execute_unprepared(
            "ALTER TABLE visits ADD CONSTRAINT visits_id_required CHECK (id IS NOT NULL) NOT VALID",
        )
        .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared("ALTER TABLE visits DROP CONSTRAINT visits_id_required")
            .await?;

        Ok(())
    }
}
