//! Forbid new nulls in customers.email.
//!
//! Plan     require-customers-email · validate · 1 of 3
//! Deploy   when the fill is done
//! Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102031_forbid_new_nulls_in_customers_email"
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
                "SELECT id FROM customers WHERE email IS NULL LIMIT 5",
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "customers.email still holds NULLs: fill them before it becomes required"
                    .to_owned(),
            ));
        }
        db.execute_unprepared(
            r#"
            ALTER TABLE customers
                ADD CONSTRAINT customers_email_required
                CHECK (email IS NOT NULL) NOT VALID
            "#,
        )
        .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared("ALTER TABLE customers DROP CONSTRAINT customers_email_required")
            .await?;

        Ok(())
    }
}
