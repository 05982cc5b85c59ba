//! Let rows leave out customers.name.
//!
//! Plan     split-customers-name · contract · 1 of 4
//! Deploy   a release later, when every running instance uses only first_name and last_name
//! Up       INSTANT on customers, < 10 ms, waits at most 2 s
//! Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102035_let_rows_leave_out_customers_name"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            ALTER TABLE customers ALTER COLUMN name SET DEFAULT '', ALGORITHM=INSTANT;
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
            ALTER TABLE customers ALTER COLUMN name DROP DEFAULT, ALGORITHM=INSTANT;
            "#,
        )
        .await?;

        Ok(())
    }
}
