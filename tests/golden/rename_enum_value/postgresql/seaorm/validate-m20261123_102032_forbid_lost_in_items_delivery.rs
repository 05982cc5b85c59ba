//! Forbid lost in items.delivery.
//!
//! Plan     rename-lost-of-delivery-to-missing · validate · 1 of 2
//! Deploy   when all rows are changed
//! Up       ACCESS EXCLUSIVE on items, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on items, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102032_forbid_lost_in_items_delivery"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        let offending = db
            .query_one_raw(Statement::from_string(
                db.get_database_backend(),
                "SELECT id FROM items WHERE NOT (delivery <> 'lost') LIMIT 5",
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "items holds rows for which delivery <> 'lost' does not hold: mend them before \
                 ck_items_delivery_not_lost forbids them"
                    .to_owned(),
            ));
        }
        db.execute_unprepared(
            r#"
            ALTER TABLE items
                ADD CONSTRAINT ck_items_delivery_not_lost
                CHECK (delivery <> 'lost') NOT VALID
            "#,
        )
        .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared("ALTER TABLE items DROP CONSTRAINT ck_items_delivery_not_lost")
            .await?;

        Ok(())
    }
}
