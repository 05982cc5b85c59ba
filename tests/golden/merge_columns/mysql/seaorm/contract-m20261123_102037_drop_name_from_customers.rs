//! Drop name from customers.
//!
//! Plan     merge-customers-contact · contract · 4 of 5
//! Deploy   a release later, when every running instance uses only contact
//! Up       INSTANT on customers, < 10 ms, waits at most 2 s
//! Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102037_drop_name_from_customers"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            ALTER TABLE customers DROP COLUMN name, ALGORITHM=INSTANT;
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
            ALTER TABLE customers
                ADD COLUMN name varchar(200) NOT NULL DEFAULT '', ALGORITHM=INSTANT;
            "#,
        )
        .await?;

        Ok(())
    }
}
