//! Prove customers.email has no nulls.
//!
//! Plan     require-customers-email · validate · 2 of 3
//! Deploy   when the fill is done
//! Up       SHARE UPDATE EXCLUSIVE on customers while reading every row, 1–4 min: reads and writes
//!          go on
//! Down     nothing to do: customers_email_required stays validated, which harms nothing · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102032_prove_customers_email_has_no_nulls"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("ALTER TABLE customers VALIDATE CONSTRAINT customers_email_required")
            .await?;

        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // customers_email_required stays validated, which harms nothing.
        Ok(())
    }
}
