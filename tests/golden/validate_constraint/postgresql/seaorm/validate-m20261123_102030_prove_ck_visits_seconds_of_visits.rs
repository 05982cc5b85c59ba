//! Prove ck_visits_seconds of visits.
//!
//! Plan     prove-ck-visits-seconds-of-visits · validate · 1 of 1
//! Deploy   at any time
//! Up       SHARE UPDATE EXCLUSIVE on visits while reading every row, 1–4 min: reads and writes go
//!          on
//! Down     nothing to do: ck_visits_seconds stays validated, which harms nothing · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_prove_ck_visits_seconds_of_visits"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("ALTER TABLE visits VALIDATE CONSTRAINT ck_visits_seconds")
            .await?;

        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // ck_visits_seconds stays validated, which harms nothing.
        Ok(())
    }
}
