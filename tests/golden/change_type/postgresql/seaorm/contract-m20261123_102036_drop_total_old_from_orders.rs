//! Drop total_old from orders.
//!
//! Plan     change-type-orders-total · contract · 2 of 2
//! Deploy   a release later, when every running instance uses orders.total as numeric(14,4)
//! Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until orders.total
//!          holds a value that numeric(10,2) cannot hold

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102036_drop_total_old_from_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared("DROP TRIGGER zz_sync_orders_total_old_total ON orders")
            .await?;
        db.execute_unprepared("DROP FUNCTION zz_sync_orders_total_old_total()")
            .await?;
        // The downgrade fills total_old again from total.
        manager
            .alter_table(
                Table::alter()
                    .table("orders")
                    .drop_column("total_old")
                    .to_owned(),
            )
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("orders")
                    .add_column(ColumnDef::new("total_old").decimal_len(10, 2))
                    .to_owned(),
            )
            .await?;
        db.execute_unprepared(
            r#"
CREATE FUNCTION zz_sync_orders_total_old_total() RETURNS trigger LANGUAGE plpgsql AS $migwiz$
BEGIN
    IF TG_OP = 'INSERT' OR NEW.total IS DISTINCT FROM OLD.total THEN
        NEW.total_old := CASE WHEN abs(NEW.total) < 100000000 AND NEW.total = round(NEW.total, 2) THEN NEW.total END;
    END IF;
    RETURN NEW;
END
$migwiz$
"#,
        )
        .await?;
        db.execute_unprepared(
            r#"
CREATE TRIGGER zz_sync_orders_total_old_total
    BEFORE INSERT OR UPDATE
    ON orders
    FOR EACH ROW
    EXECUTE FUNCTION zz_sync_orders_total_old_total()
"#,
        )
        .await?;

        Ok(())
    }
}
