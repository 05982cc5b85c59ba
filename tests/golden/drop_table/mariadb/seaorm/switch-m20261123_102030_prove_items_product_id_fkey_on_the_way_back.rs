//! Prove items_product_id_fkey on the way back.
//!
//! Plan     drop-items · switch · 1 of 3
//! Deploy   when nothing uses items any more
//! Up       no lock
//! Down     consistent read on items while reading every row, 1–4 min: reads and writes go on ·
//!          lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_prove_items_product_id_fkey_on_the_way_back"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // Only the downgrade has work to do: it proves items_product_id_fkey.
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            BEGIN NOT ATOMIC
                IF EXISTS (
                    SELECT 1 FROM items AS child WHERE child.product_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM products AS parent WHERE parent.id = child.product_id) LIMIT 1
                ) THEN
                    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'rows of items point to rows of products that do not exist';
                END IF;
            END
            "#,
        )
        .await?;

        Ok(())
    }
}
