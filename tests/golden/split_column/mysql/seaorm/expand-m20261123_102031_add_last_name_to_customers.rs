//! Add last_name to customers.
//!
//! Plan     split-customers-name · expand · 2 of 3
//! Deploy   before the deploy of the code that uses first_name and last_name
//! Up       INSTANT on customers, < 10 ms, waits at most 2 s
//! Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102031_add_last_name_to_customers"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            ALTER TABLE customers
                ADD COLUMN last_name varchar(80) NULL DEFAULT NULL, ALGORITHM=INSTANT;
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
            ALTER TABLE customers DROP COLUMN last_name, ALGORITHM=INSTANT;
            "#,
        )
        .await?;

        Ok(())
    }
}
