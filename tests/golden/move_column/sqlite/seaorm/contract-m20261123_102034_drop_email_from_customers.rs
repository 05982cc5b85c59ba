//! Drop email from customers.
//!
//! Plan     move-customers-email · contract · 2 of 2
//! Deploy   a release later, when every running instance uses only orders.contact
//! Up       EXCLUSIVE on customers while writing the table anew, 7–20 min, waits at most 2 s: reads
//!          and writes wait
//! Down     RESERVED on customers, < 10 ms, waits at most 2 s · lossless until rows of orders with
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
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("PRAGMA busy_timeout = 2000").await?;
        // The downgrade makes email again from orders.contact.
        manager
            .alter_table(
                Table::alter()
                    .table("customers")
                    .drop_column("email")
                    .to_owned(),
            )
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("PRAGMA busy_timeout = 2000").await?;
        manager
            .alter_table(
                Table::alter()
                    .table("customers")
                    .add_column(ColumnDef::new("email").custom("TEXT"))
                    .to_owned(),
            )
            .await?;

        Ok(())
    }
}
