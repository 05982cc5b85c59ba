//! Add first_name and last_name to customers.
//!
//! Plan     split-customers-name · expand · 1 of 2
//! Deploy   before the deploy of the code that uses first_name and last_name
//! Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_add_first_name_and_last_name_to_customers"
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
                FROM concat_ws(' ', split_part(name, ' ', 1), nullif(substr(name, length(split_part(name, ' ', 1)) + 2), ''))
                LIMIT 5
                "#,
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "name of customers holds values that do not come back as they were from \
                 first_name and last_name: mend them, write other expressions, or accept it with \
                 --normalise"
                    .to_owned(),
            ));
        }
        let offending = db
            .query_one_raw(Statement::from_string(
                db.get_database_backend(),
                r#"
                SELECT id
                FROM customers
                WHERE NOT (char_length(nullif(substr(name, length(split_part(name, ' ', 1)) + 2), '')) <= 80)
                LIMIT 5
                "#,
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "name of customers makes texts that are too long for last_name (character \
                 varying(80)): choose a wider type, or mend them"
                    .to_owned(),
            ));
        }
        // Name holds every value too.
        manager
            .alter_table(
                Table::alter()
                    .table("customers")
                    .add_column(ColumnDef::new("first_name").text())
                    .to_owned(),
            )
            .await?;
        // Name holds every value too.
        manager
            .alter_table(
                Table::alter()
                    .table("customers")
                    .add_column(ColumnDef::new("last_name").string_len(80))
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
                    .drop_column("last_name")
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("customers")
                    .drop_column("first_name")
                    .to_owned(),
            )
            .await?;

        Ok(())
    }
}
