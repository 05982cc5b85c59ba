//! Forbid new nulls in customers.contact.
//!
//! Plan     merge-customers-contact · validate · 1 of 3
//! Deploy   when the fill is done; then deploy the code that uses only contact
//! Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102033_forbid_new_nulls_in_customers_contact"
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
                "SELECT id FROM customers WHERE contact IS NULL LIMIT 5",
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "customers.contact still holds NULLs: fill them before it becomes required"
                    .to_owned(),
            ));
        }
        db.execute_unprepared(
            r#"
            ALTER TABLE customers
                ADD CONSTRAINT customers_contact_required
                CHECK (contact IS NOT NULL) NOT VALID
            "#,
        )
        .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared("ALTER TABLE customers DROP CONSTRAINT customers_contact_required")
            .await?;

        Ok(())
    }
}
