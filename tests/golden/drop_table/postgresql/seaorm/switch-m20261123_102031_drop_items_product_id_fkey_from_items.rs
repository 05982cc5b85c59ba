//! Drop items_product_id_fkey from items.
//!
//! Plan     drop-items · switch · 2 of 3
//! Deploy   when nothing uses items any more
//! Up       ACCESS EXCLUSIVE on products and items, < 10 ms, waits at most 2 s
//! Down     SHARE ROW EXCLUSIVE on products and items, < 10 ms, waits at most 2 s · lossless until
//!          a row of products is deleted to which one of items points

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102031_drop_items_product_id_fkey_from_items"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared("LOCK TABLE products, items IN ACCESS EXCLUSIVE MODE")
            .await?;
        manager
            .drop_foreign_key(
                ForeignKey::drop()
                    .name("items_product_id_fkey")
                    .table("items")
                    .to_owned(),
            )
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        let offending = db
            .query_one_raw(Statement::from_string(
                db.get_database_backend(),
                r#"
                SELECT child.id
                FROM items AS child
                WHERE child.product_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM products AS parent WHERE parent.id = child.product_id)
                LIMIT 5
                "#,
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "rows of items point to rows of products that do not exist".to_owned(),
            ));
        }
        db.execute_unprepared("LOCK TABLE products, items IN SHARE ROW EXCLUSIVE MODE")
            .await?;
        db.execute_unprepared(
            r#"
            ALTER TABLE items
                ADD CONSTRAINT items_product_id_fkey
                FOREIGN KEY (product_id) REFERENCES products (id) NOT VALID
            "#,
        )
        .await?;

        Ok(())
    }
}
