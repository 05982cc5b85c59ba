//! Drop status_code from orders.
//!
//! Plan     drop-orders-status-code · contract · 7 of 7
//! Deploy   a release later, when no running instance names orders.status_code
//! Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until
//!          orders_status_code_archive is dropped

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102036_drop_status_code_from_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("orders")
                    .drop_column("status_code")
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
            .alter_table(
                Table::alter()
                    .table("orders")
                    .add_column(
                        ColumnDef::new("status_code")
                            .string_len(20)
                            .not_null()
                            .default(Expr::cust("'new'::character varying")),
                    )
                    .to_owned(),
            )
            .await?;

        Ok(())
    }
}
