//! Require customers.contact.
//!
//! Plan     merge-customers-contact · validate · 1 of 1
//! Deploy   when the fill is done; then deploy the code that uses only contact
//! Up       INPLACE, LOCK=NONE on customers while writing the table anew, 7–20 min: reads and
//!          writes go on, but queue at both ends, where it waits for open transactions, at most 2 s
//!          each time
//! Down     INPLACE, LOCK=NONE on customers while writing the table anew, 7–20 min: reads and
//!          writes go on, but queue at both ends, where it waits for open transactions, at most 2 s
//!          each time · lossless

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102033_require_customers_contact"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

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
            SET SESSION lock_wait_timeout = 2;
            SET @sql_mode_before = @@SESSION.sql_mode;
            SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES');
            ALTER TABLE customers MODIFY COLUMN contact varchar(420) NOT NULL, ALGORITHM=INPLACE, LOCK=NONE;
            SET SESSION sql_mode = @sql_mode_before;
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
            ALTER TABLE customers MODIFY COLUMN contact varchar(420) NULL DEFAULT NULL, ALGORITHM=INPLACE, LOCK=NONE;
            "#,
        )
        .await?;

        Ok(())
    }
}
