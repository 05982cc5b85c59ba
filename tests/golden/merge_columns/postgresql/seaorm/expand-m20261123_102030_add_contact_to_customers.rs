//! Add contact to customers.
//!
//! Plan     merge-customers-contact · expand · 1 of 2
//! Deploy   before the deploy of the code that uses contact
//! Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_add_contact_to_customers"
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
                r#"
                SELECT id
                FROM customers
                WHERE name IS DISTINCT
                FROM split_part((name || coalesce(' <' || email || '>', '')), ' <', 1) OR email IS DISTINCT
                FROM nullif(rtrim(split_part((name || coalesce(' <' || email || '>', '')), ' <', 2), '>'), '')
                LIMIT 5
                "#,
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "name and email of customers hold values that do not come back as they were from \
                 contact: mend them, write other expressions, or accept it with --normalise"
                    .to_owned(),
            ));
        }
        // Name and email hold every value too.
        manager
            .alter_table(
                Table::alter()
                    .table("customers")
                    .add_column(ColumnDef::new("contact").text())
                    .to_owned(),
            )
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("customers")
                    .drop_column("contact")
                    .to_owned(),
            )
            .await?;

        Ok(())
    }
}
