//! Drop table items_tombstone.
//!
//! Plan     drop-items · contract · 1 of 1
//! Deploy   a release later, when nobody has missed items
//! Up       EXCLUSIVE on items_tombstone, < 10 ms, waits at most 2 s
//! Down     RESERVED on items, < 10 ms, waits at most 2 s · structure only: items comes back empty:
//!          its rows are gone

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102031_drop_table_items_tombstone"
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
        manager
            .drop_table(Table::drop().table("items_tombstone").to_owned())
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("PRAGMA busy_timeout = 2000").await?;
        db.execute_unprepared(
            r#"
            CREATE TABLE items (
                id INTEGER NOT NULL,
                product_id INTEGER NOT NULL,
                delivery text NOT NULL DEFAULT 'pending',
                amount integer NOT NULL,
                PRIMARY KEY (id),
                CONSTRAINT items_product_id_fkey FOREIGN KEY (product_id) REFERENCES products (id),
                CONSTRAINT ck_items_amount CHECK (amount > 0)
            )
            "#,
        )
        .await?;
        db.execute_unprepared("CREATE INDEX ix_items_product_id ON items (product_id)")
            .await?;
        db.execute_unprepared("CREATE INDEX ix_items_delivery ON items (delivery)")
            .await?;
        manager
            .rename_table(Table::rename().table("items", "items_tombstone").to_owned())
            .await?;

        Ok(())
    }
}
