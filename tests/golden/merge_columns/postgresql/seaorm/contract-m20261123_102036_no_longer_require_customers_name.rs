//! No longer require customers.name.
//!
//! Plan     merge-customers-contact · contract · 1 of 4
//! Deploy   a release later, when every running instance uses only contact
//! Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
//! Down     SHARE UPDATE EXCLUSIVE on customers while reading every row, 1–4 min: reads and writes
//!          go on; then ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless until
//!          a NULL is written to name

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102036_no_longer_require_customers_name"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let manager = manager.begin().await?;
        let db = manager.get_connection();
        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared(
            r#"
            ALTER TABLE customers
                ADD CONSTRAINT customers_name_required
                CHECK (name IS NOT NULL) NOT VALID
            "#,
        )
        .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("customers")
                    .modify_column(ColumnDef::new("name").null())
                    .to_owned(),
            )
            .await?;
        manager.commit().await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("ALTER TABLE customers VALIDATE CONSTRAINT customers_name_required")
            .await?;

        let manager = manager.begin().await?;
        let db = manager.get_connection();
        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("customers")
                    .modify_column(ColumnDef::new("name").not_null())
                    .to_owned(),
            )
            .await?;
        db.execute_unprepared("ALTER TABLE customers DROP CONSTRAINT customers_name_required")
            .await?;
        manager.commit().await?;

        Ok(())
    }
}
