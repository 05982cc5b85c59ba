//! Add remark to orders.
//!
//! Plan     merge-orders-remark · expand · 1 of 2
//! Deploy   before the deploy of the code that uses remark
//! Up       RESERVED on orders, < 10 ms, waits at most 2 s
//! Down     EXCLUSIVE on orders while writing the table anew, 7–20 min, waits at most 2 s: reads
//!          and writes wait · lossless

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_add_remark_to_orders"
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
        let offending = db
            .query_one_raw(Statement::from_string(
                db.get_database_backend(),
                r#"
                SELECT id
                FROM orders
                WHERE note IS NOT nullif(substr((coalesce(total, '') || '/' || coalesce(note, '')), instr((coalesce(total, '') || '/' || coalesce(note, '')), '/') + 1), '') OR total IS NOT cast(nullif(substr((coalesce(total, '') || '/' || coalesce(note, '')), 1, instr((coalesce(total, '') || '/' || coalesce(note, '')), '/') - 1), '') as numeric)
                LIMIT 5
                "#,
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "note and total of orders hold values that do not come back as they were from \
                 remark: mend them, write other expressions, or accept it with --normalise"
                    .to_owned(),
            ));
        }
        // Note and total hold every value too.
        manager
            .alter_table(
                Table::alter()
                    .table("orders")
                    .add_column(ColumnDef::new("remark").custom("TEXT"))
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
                    .table("orders")
                    .drop_column("remark")
                    .to_owned(),
            )
            .await?;

        Ok(())
    }
}
