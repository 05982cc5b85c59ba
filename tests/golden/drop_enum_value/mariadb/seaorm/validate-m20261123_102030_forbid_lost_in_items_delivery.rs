//! Forbid lost in items.delivery.
//!
//! Plan     drop-lost-from-items-delivery · validate · 1 of 1
//! Deploy   when no row holds it any more
//! Tool     pt-online-schema-change does this in production, where the table is large; then this
//!          file is marked as run
//! Up       COPY, LOCK=SHARED on items while writing the table anew, 7–20 min, waits at most 2 s:
//!          writes wait, reads go on but for both ends
//! Down     INSTANT on items, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_forbid_lost_in_items_delivery"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

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
            SET SESSION lock_wait_timeout = 2;
            ALTER TABLE items
                ADD CONSTRAINT ck_items_delivery_not_lost
                CHECK (delivery <> 'lost'), ALGORITHM=COPY, LOCK=SHARED;
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
            ALTER TABLE items DROP CONSTRAINT ck_items_delivery_not_lost, ALGORITHM=INSTANT;
            "#,
        )
        .await?;

        Ok(())
    }
}
