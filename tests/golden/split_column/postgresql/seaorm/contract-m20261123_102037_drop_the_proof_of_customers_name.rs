//! Drop the proof of customers.name.
//!
//! Plan     split-customers-name · contract · 2 of 4
//! Deploy   a release later, when every running instance uses only first_name and last_name
//! Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless until a NULL is
//!          written to name

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102037_drop_the_proof_of_customers_name"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared("ALTER TABLE customers DROP CONSTRAINT customers_name_required")
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        let offending = db
            .query_one_raw(Statement::from_string(
                db.get_database_backend(),
                "SELECT id FROM customers WHERE name IS NULL LIMIT 5",
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "customers.name still holds NULLs: fill them before it becomes required".to_owned(),
            ));
        }
        db.execute_unprepared(
            r#"
            ALTER TABLE customers
                ADD CONSTRAINT customers_name_required
                CHECK (name IS NOT NULL) NOT VALID
            "#,
        )
        .await?;

        Ok(())
    }
}
