//! Drop email from customers.
//!
//! Plan     move-customers-email · contract · 2 of 2
//! Deploy   a release later, when every running instance uses only orders.contact
//! Up       INSTANT on customers, < 10 ms, waits at most 2 s
//! Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless until rows of orders with
//!          the same row of customers differ

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102034_drop_email_from_customers"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            ALTER TABLE customers DROP COLUMN email, ALGORITHM=INSTANT;
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
                ADD COLUMN email varchar(200) NULL DEFAULT NULL, ALGORITHM=INSTANT;
            "#,
        )
        .await?;

        Ok(())
    }
}
