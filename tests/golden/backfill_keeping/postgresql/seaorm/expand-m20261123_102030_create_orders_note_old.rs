//! Create orders_note_old.
//!
//! Plan     fill-orders-note · expand · 1 of 1
//! Deploy   at any time
//! Up       no lock
//! Down     ACCESS EXCLUSIVE on orders_note_old, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_create_orders_note_old"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared(
            r#"
            CREATE TABLE orders_note_old (
                id bigint NOT NULL,
                old_note text,
                new_note text,
                CONSTRAINT orders_note_old_pkey PRIMARY KEY (id)
            )
            "#,
        )
        .await?;
        db.execute_unprepared(
            "COMMENT ON TABLE orders_note_old IS 'Old values of orders.note, kept by the plan fill-orders-note; its contract phase drops this table.'",
        )
        .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        manager
            .drop_table(Table::drop().table("orders_note_old").to_owned())
            .await?;

        Ok(())
    }
}
