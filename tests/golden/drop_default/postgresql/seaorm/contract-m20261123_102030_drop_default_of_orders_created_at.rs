//! Drop default of orders.created_at.
//!
//! Plan     drop-default-of-orders-created-at · contract · 1 of 1
//! Deploy   after the deploy whose code writes orders.created_at itself
//! Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_drop_default_of_orders_created_at"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared("ALTER TABLE orders ALTER COLUMN created_at DROP DEFAULT")
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
                    .modify_column(ColumnDef::new("created_at").default(Expr::cust("now()")))
                    .to_owned(),
            )
            .await?;

        Ok(())
    }
}
