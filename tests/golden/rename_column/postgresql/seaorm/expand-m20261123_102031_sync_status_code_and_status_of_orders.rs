//! Sync status_code and status of orders.
//!
//! Plan     rename-orders-status-code · expand · 2 of 2
//! Deploy   before the deploy of the code that uses status
//! Up       SHARE ROW EXCLUSIVE on orders, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102031_sync_status_code_and_status_of_orders"
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
CREATE FUNCTION zz_sync_orders_status_code_status() RETURNS trigger LANGUAGE plpgsql AS $migwiz$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status IS NOT NULL THEN
            NEW.status_code := NEW.status;
        ELSE
            NEW.status := NEW.status_code;
        END IF;
    ELSIF NEW.status IS DISTINCT FROM OLD.status THEN
        NEW.status_code := NEW.status;
    ELSIF NEW.status_code IS DISTINCT FROM OLD.status_code THEN
        NEW.status := NEW.status_code;
    END IF;
    RETURN NEW;
END
$migwiz$
"#,
        )
        .await?;
        db.execute_unprepared(
            r#"
CREATE TRIGGER zz_sync_orders_status_code_status
    BEFORE INSERT OR UPDATE
    ON orders
    FOR EACH ROW
    EXECUTE FUNCTION zz_sync_orders_status_code_status()
"#,
        )
        .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared("DROP TRIGGER zz_sync_orders_status_code_status ON orders")
            .await?;
        db.execute_unprepared("DROP FUNCTION zz_sync_orders_status_code_status()")
            .await?;

        Ok(())
    }
}
