//! End the sync of name and first_name and last_name of customers.
//!
//! Plan     split-customers-name · contract · 3 of 4
//! Deploy   a release later, when every running instance uses only first_name and last_name
//! Up       metadata lock on customers, < 10 ms, waits at most 2 s
//! Down     metadata lock on customers, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102037_end_the_sync_of_name_and_first_name_and_last_name_of"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
SET SESSION lock_wait_timeout = 2;
DROP TRIGGER IF EXISTS zz_sync_customers_name_first_name_last_name_insert;
DROP TRIGGER IF EXISTS zz_sync_customers_name_first_name_last_name_update;
"#,
        )
        .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
SET SESSION lock_wait_timeout = 2;
DROP TRIGGER IF EXISTS zz_sync_customers_name_first_name_last_name_insert;
CREATE TRIGGER zz_sync_customers_name_first_name_last_name_insert BEFORE INSERT ON customers FOR EACH ROW
SET NEW.name = IF(NEW.first_name IS NOT NULL OR NEW.last_name IS NOT NULL, concat_ws(' ', NEW.first_name, NEW.last_name), NEW.name),
    NEW.first_name = IF(NEW.first_name IS NULL AND NEW.last_name IS NULL, substring_index(NEW.name, ' ', 1), NEW.first_name),
    NEW.last_name = IF(CAST(NEW.first_name AS BINARY) <=> CAST(substring_index(NEW.name, ' ', 1) AS BINARY) AND NEW.last_name IS NULL, nullif(substr(NEW.name, char_length(substring_index(NEW.name, ' ', 1)) + 2), ''), NEW.last_name);
DROP TRIGGER IF EXISTS zz_sync_customers_name_first_name_last_name_update;
CREATE TRIGGER zz_sync_customers_name_first_name_last_name_update BEFORE UPDATE ON customers FOR EACH ROW
SET NEW.name = IF((NOT (CAST(NEW.first_name AS BINARY) <=> CAST(OLD.first_name AS BINARY)) OR NOT (CAST(NEW.last_name AS BINARY) <=> CAST(OLD.last_name AS BINARY))) AND (NOT (CAST(NEW.first_name AS BINARY) <=> CAST(substring_index(NEW.name, ' ', 1) AS BINARY)) OR NOT (CAST(NEW.last_name AS BINARY) <=> CAST(nullif(substr(NEW.name, char_length(substring_index(NEW.name, ' ', 1)) + 2), '') AS BINARY))), concat_ws(' ', NEW.first_name, NEW.last_name), NEW.name),
    NEW.first_name = IF(CAST(NEW.first_name AS BINARY) <=> CAST(OLD.first_name AS BINARY) AND CAST(NEW.last_name AS BINARY) <=> CAST(OLD.last_name AS BINARY) AND (NOT (CAST(NEW.name AS BINARY) <=> CAST(OLD.name AS BINARY))) AND (NOT (NEW.first_name IS NOT NULL OR NEW.last_name IS NOT NULL) OR NOT (CAST(NEW.name AS BINARY) <=> CAST(concat_ws(' ', NEW.first_name, NEW.last_name) AS BINARY))), substring_index(NEW.name, ' ', 1), NEW.first_name),
    NEW.last_name = IF(CAST(NEW.first_name AS BINARY) <=> CAST(substring_index(NEW.name, ' ', 1) AS BINARY) AND CAST(NEW.last_name AS BINARY) <=> CAST(OLD.last_name AS BINARY) AND (NOT (CAST(NEW.name AS BINARY) <=> CAST(OLD.name AS BINARY))) AND (NOT (NEW.first_name IS NOT NULL OR NEW.last_name IS NOT NULL) OR NOT (CAST(NEW.name AS BINARY) <=> CAST(concat_ws(' ', NEW.first_name, NEW.last_name) AS BINARY))), nullif(substr(NEW.name, char_length(substring_index(NEW.name, ' ', 1)) + 2), ''), NEW.last_name);
"#,
        )
        .await?;

        Ok(())
    }
}
