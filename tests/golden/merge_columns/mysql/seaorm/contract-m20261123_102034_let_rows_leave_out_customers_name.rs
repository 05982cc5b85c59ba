//! Let rows leave out customers.name.
//!
//! Plan     merge-customers-contact · contract · 1 of 5
//! Deploy   a release later, when every running instance uses only contact
//! Up       INSTANT on customers, < 10 ms, waits at most 2 s
//! Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102034_let_rows_leave_out_customers_name"
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
