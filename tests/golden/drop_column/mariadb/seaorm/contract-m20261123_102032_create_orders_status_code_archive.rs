//! Create orders_status_code_archive.
//!
//! Plan     drop-orders-status-code · contract · 3 of 6
//! Deploy   a release later, when no running instance names orders.status_code
//! Up       no lock
//! Down     metadata lock on orders_status_code_archive, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102032_create_orders_status_code_archive"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            CREATE TABLE orders_status_code_archive (
                id bigint(20) NOT NULL,
                status_code varchar(20) NULL DEFAULT NULL,
                PRIMARY KEY (id)
            );
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
            DROP TABLE orders_status_code_archive;
            "#,
        )
        .await?;

        Ok(())
    }
}
