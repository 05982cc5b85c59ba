//! Drop table items_tombstone.
//!
//! Plan     drop-items · contract · 1 of 1
//! Deploy   a release later, when nobody has missed items
//! Up       metadata lock on items_tombstone, < 10 ms, waits at most 2 s
//! Down     no lock · structure only: items_tombstone comes back empty: its rows are gone

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102033_drop_table_items_tombstone"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            DROP TABLE items_tombstone;
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
            CREATE TABLE items_tombstone (
                id bigint(20) NOT NULL AUTO_INCREMENT,
                product_id bigint(20) NOT NULL,
                delivery enum('pending','sent','lost') NOT NULL DEFAULT 'pending',
                amount integer NOT NULL COMMENT 'How many of it',
                PRIMARY KEY (id),
                CONSTRAINT ck_items_amount CHECK (amount > 0),
                INDEX ix_items_product_id (product_id),
                INDEX ix_items_delivery (delivery)
            ) ENGINE=InnoDB COMMENT='What was ordered';
            "#,
        )
        .await?;

        Ok(())
    }
}
