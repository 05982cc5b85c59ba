//! Swap orders.total for its numeric(14,4) twin.
//!
//! Plan     change-type-orders-total · switch · 2 of 2
//! Deploy   after the deploy that copes with both types; then recycle connections: prepared
//!          statements of orders fail until then
//! Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until orders.total
//!          holds a value that numeric(10,2) cannot hold

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102034_swap_orders_total_for_its_numeric_14_4_twin"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared("DROP TRIGGER zz_sync_orders_total_total_new ON orders")
            .await?;
        db.execute_unprepared("DROP FUNCTION zz_sync_orders_total_total_new()")
            .await?;
        db.execute_unprepared("ALTER TABLE orders RENAME COLUMN total TO total_old")
            .await?;
        db.execute_unprepared("ALTER TABLE orders RENAME COLUMN total_new TO total")
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

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        let offending = db
            .query_one_raw(Statement::from_string(
                db.get_database_backend(),
                r#"
                SELECT id
                FROM orders
                WHERE NOT (abs(total) < 100000000 AND total = round(total, 2))
                LIMIT 5
                "#,
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "the way back is closed: orders.total holds values that numeric(10,2) cannot hold"
                    .to_owned(),
            ));
        }
        db.execute_unprepared("DROP TRIGGER zz_sync_orders_total_old_total ON orders")
            .await?;
        db.execute_unprepared("DROP FUNCTION zz_sync_orders_total_old_total()")
            .await?;
        db.execute_unprepared("ALTER TABLE orders RENAME COLUMN total TO total_new")
            .await?;
        db.execute_unprepared("ALTER TABLE orders RENAME COLUMN total_old TO total")
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
}
