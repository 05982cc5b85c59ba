//! Require visits.id.
//!
//! Plan     make-visits-id-the-primary-key · expand · 3 of 4
//! Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL
//!          there
//! Up       SHARE UPDATE EXCLUSIVE on visits while reading every row, 1–4 min: reads and writes go
//!          on; then ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102032_require_visits_id"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("ALTER TABLE visits VALIDATE CONSTRAINT visits_id_required")
            .await?;

        let manager = manager.begin().await?;
        let db = manager.get_connection();
        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("visits")
                    .modify_column(ColumnDef::new("id").not_null())
                    .to_owned(),
            )
            .await?;
        db.execute_unprepared("ALTER TABLE visits DROP CONSTRAINT visits_id_required")
            .await?;
        manager.commit().await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let manager = manager.begin().await?;
        let db = manager.get_connection();
        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared(
            "ALTER TABLE visits ADD CONSTRAINT visits_id_required CHECK (id IS NOT NULL) NOT VALID",
        )
        .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("visits")
                    .modify_column(ColumnDef::new("id").null())
                    .to_owned(),
            )
            .await?;
        manager.commit().await?;

        Ok(())
    }
}
