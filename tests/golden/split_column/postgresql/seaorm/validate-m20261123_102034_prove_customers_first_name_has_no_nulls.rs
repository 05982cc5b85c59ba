//! Prove customers.first_name has no nulls.
//!
//! Plan     split-customers-name · validate · 2 of 3
//! Deploy   when the fill is done; then deploy the code that uses only first_name and last_name
//! Up       SHARE UPDATE EXCLUSIVE on customers while reading every row, 1–4 min: reads and writes
//!          go on
//! Down     nothing to do: customers_first_name_required stays validated, which harms nothing ·
//!          lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102034_prove_customers_first_name_has_no_nulls"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            "ALTER TABLE customers VALIDATE CONSTRAINT customers_first_name_required",
        )
        .await?;

        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // customers_first_name_required stays validated, which harms nothing.
        Ok(())
    }
}
