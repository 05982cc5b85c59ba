//! Require customers.contact.
//!
//! Plan     merge-customers-contact · validate · 3 of 3
//! Deploy   when the fill is done; then deploy the code that uses only contact
//! Up       SHARE UPDATE EXCLUSIVE on customers while reading every row, 1–4 min: reads and writes
//!          go on; then ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102035_require_customers_contact"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            "ALTER TABLE customers VALIDATE CONSTRAINT customers_contact_required",
        )
        .await?;

        let manager = manager.begin().await?;
        let db = manager.get_connection();
        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("customers")
                    .modify_column(ColumnDef::new("contact").not_null())
                    .to_owned(),
            )
            .await?;
        db.execute_unprepared("ALTER TABLE customers DROP CONSTRAINT customers_contact_required")
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
            r#"
            ALTER TABLE customers
                ADD CONSTRAINT customers_contact_required
                CHECK (contact IS NOT NULL) NOT VALID
            "#,
        )
        .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("customers")
                    .modify_column(ColumnDef::new("contact").null())
                    .to_owned(),
            )
            .await?;
        manager.commit().await?;

        Ok(())
    }
}
