//! Create orders_status_code_archive.
//!
//! Plan     drop-orders-status-code · contract · 4 of 7
//! Deploy   a release later, when no running instance names orders.status_code
//! Up       no lock
//! Down     ACCESS EXCLUSIVE on orders_status_code_archive, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102033_create_orders_status_code_archive"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("orders_status_code_archive")
                    .col(ColumnDef::new("id").big_integer().not_null())
                    .col(ColumnDef::new("status_code").string_len(20))
                    .primary_key(
                        Index::create()
                            .name("orders_status_code_archive_pkey")
                            .col("id"),
                    )
                    .to_owned(),
            )
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        manager
            .drop_table(Table::drop().table("orders_status_code_archive").to_owned())
            .await?;

        Ok(())
    }
}
