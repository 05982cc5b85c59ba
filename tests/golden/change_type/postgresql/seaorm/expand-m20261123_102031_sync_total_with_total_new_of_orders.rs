//! Sync total with total_new of orders.
//!
//! Plan     change-type-orders-total · expand · 2 of 2
//! Deploy   before the deploy of the code that uses orders.total as numeric(14,4)
//! Up       SHARE ROW EXCLUSIVE on orders, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102031_sync_total_with_total_new_of_orders"
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
CREATE FUNCTION zz_sync_orders_total_total_new() RETURNS trigger LANGUAGE plpgsql AS $migwiz$
BEGIN
    NEW.total_new := NEW.total;
    RETURN NEW;
END
$migwiz$
"#,
        )
        .await?;
        db.execute_unprepared(
            r#"
CREATE TRIGGER zz_sync_orders_total_total_new
    BEFORE INSERT OR UPDATE
    ON orders
    FOR EACH ROW
    EXECUTE FUNCTION zz_sync_orders_total_total_new()
"#,
        )
        .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared("DROP TRIGGER zz_sync_orders_total_total_new ON orders")
            .await?;
        db.execute_unprepared("DROP FUNCTION zz_sync_orders_total_total_new()")
            .await?;

        Ok(())
    }
}
