//! End the sync of status_code and status of orders.
//!
//! Plan     rename-orders-status-code · contract · 5 of 6
//! Deploy   a release later, when every running instance uses only status
//! Up       metadata lock on orders, < 10 ms, waits at most 2 s
//! Down     metadata lock on orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102040_end_the_sync_of_status_code_and_status_of_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
SET SESSION lock_wait_timeout = 2;
DROP TRIGGER IF EXISTS zz_sync_orders_status_code_status_insert;
DROP TRIGGER IF EXISTS zz_sync_orders_status_code_status_update;
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
DROP TRIGGER IF EXISTS zz_sync_orders_status_code_status_insert;
CREATE TRIGGER zz_sync_orders_status_code_status_insert BEFORE INSERT ON orders FOR EACH ROW
SET NEW.status_code = IF(NEW.status IS NOT NULL, NEW.status, NEW.status_code),
    NEW.status = IF(NEW.status IS NOT NULL, NEW.status, NEW.status_code);
DROP TRIGGER IF EXISTS zz_sync_orders_status_code_status_update;
CREATE TRIGGER zz_sync_orders_status_code_status_update BEFORE UPDATE ON orders FOR EACH ROW
SET NEW.status_code = IF((NOT (CAST(NEW.status AS BINARY) <=> CAST(OLD.status AS BINARY))), NEW.status, NEW.status_code),
    NEW.status = NEW.status_code;
"#,
        )
        .await?;

        Ok(())
    }
}
