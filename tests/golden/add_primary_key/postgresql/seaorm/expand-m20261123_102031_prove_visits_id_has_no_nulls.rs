//! Prove visits.id has no nulls.
//!
//! Plan     make-visits-id-the-primary-key · expand · 2 of 4
//! Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL
//!          there
//! Up       SHARE UPDATE EXCLUSIVE on visits while reading every row, 1–4 min: reads and writes go
//!          on
//! Down     nothing to do: visits_id_required stays validated, which harms nothing · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102031_prove_visits_id_has_no_nulls"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("ALTER TABLE visits VALIDATE CONSTRAINT visits_id_required")
            .await?;

        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // visits_id_required stays validated, which harms nothing.
        Ok(())
    }
}
