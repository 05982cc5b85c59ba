//! Add missing to items.delivery.
//!
//! Plan     rename-lost-of-items-delivery-to-missing · expand · 1 of 1
//! Deploy   before the deploy of the code that reads missing as well as lost
//! Up       INSTANT on items, < 10 ms, waits at most 2 s
//! Down     COPY, LOCK=SHARED on items while writing the table anew, 7–20 min, waits at most 2 s:
//!          writes wait, reads go on but for both ends · lossless

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_add_missing_to_items_delivery"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            SET @sql_mode_before = @@SESSION.sql_mode;
            SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES');
            ALTER TABLE items MODIFY COLUMN delivery enum('pending','sent','lost','missing') NOT NULL DEFAULT 'pending', ALGORITHM=INSTANT;
            SET SESSION sql_mode = @sql_mode_before;
            "#,
        )
        .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        let offending = db
            .query_one_raw(Statement::from_string(
                db.get_database_backend(),
                "SELECT id FROM items WHERE delivery = 'missing' LIMIT 5",
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "items.delivery still holds missing: change these rows first".to_owned(),
            ));
        }
        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            SET @sql_mode_before = @@SESSION.sql_mode;
            SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES');
            ALTER TABLE items MODIFY COLUMN delivery enum('pending','sent','lost') NOT NULL DEFAULT 'pending', ALGORITHM=COPY, LOCK=SHARED;
            SET SESSION sql_mode = @sql_mode_before;
            "#,
        )
        .await?;

        Ok(())
    }
}
