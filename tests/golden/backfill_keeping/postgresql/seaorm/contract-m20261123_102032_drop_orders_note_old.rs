//! Drop orders_note_old.
//!
//! Plan     fill-orders-note · contract · 1 of 1
//! Deploy   when nobody will want the old values back: days or weeks later
//! Up       ACCESS EXCLUSIVE on orders_note_old, < 10 ms, waits at most 2 s
//! Down     not possible: the old values of orders went with orders_note_old

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102032_drop_orders_note_old"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        manager
            .drop_table(Table::drop().table("orders_note_old").to_owned())
            .await?;

        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("the old values of orders went with orders_note_old".to_owned()))
    }
}
