//! Check that total_new of orders is complete.
//!
//! Plan     change-type-orders-total · switch · 1 of 2 · data only
//! Deploy   after the deploy that copes with both types; then recycle connections: prepared
//!          statements of orders fail until then
//! Up       no lock
//! Down     it only looks: nothing to undo · lossless

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102033_check_that_total_new_of_orders_is_complete"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        let offending = db
            .query_one_raw(Statement::from_string(
                db.get_database_backend(),
                "SELECT id FROM orders WHERE total_new IS DISTINCT FROM total LIMIT 5",
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "total and total_new of orders still differ: run the backfill to its end first"
                    .to_owned(),
            ));
        }

        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // It only looks: nothing to undo.
        Ok(())
    }
}
