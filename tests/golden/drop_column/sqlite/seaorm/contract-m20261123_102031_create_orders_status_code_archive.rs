//! Create orders_status_code_archive.
//!
//! Plan     drop-orders-status-code · contract · 2 of 5
//! Deploy   a release later, when no running instance names orders.status_code
//! Up       RESERVED on orders_status_code_archive, < 10 ms, waits at most 2 s
//! Down     EXCLUSIVE on orders_status_code_archive, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102031_create_orders_status_code_archive"
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
        db.execute_unprepared(
            r#"
            CREATE TABLE orders_status_code_archive (
                id INTEGER NOT NULL,
                status_code varchar(20),
                CONSTRAINT orders_status_code_archive_pkey PRIMARY KEY (id)
            )
            "#,
        )
        .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("PRAGMA busy_timeout = 2000").await?;
        manager
            .drop_table(Table::drop().table("orders_status_code_archive").to_owned())
            .await?;

        Ok(())
    }
}
