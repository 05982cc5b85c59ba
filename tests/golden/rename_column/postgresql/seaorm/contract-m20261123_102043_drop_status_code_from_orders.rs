//! Drop status_code from orders.
//!
//! Plan     rename-orders-status-code · contract · 5 of 5
//! Deploy   a release later, when every running instance uses only status
//! Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102043_drop_status_code_from_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("orders")
                    .modify_column(
                        ColumnDef::new("status").default(Expr::cust("'new'::character varying")),
                    )
                    .to_owned(),
            )
            .await?;
        db.execute_unprepared("ALTER TABLE orders ALTER COLUMN status_code DROP DEFAULT")
            .await?;
        db.execute_unprepared("DROP TRIGGER zz_sync_orders_status_code_status ON orders")
            .await?;
        db.execute_unprepared("DROP FUNCTION zz_sync_orders_status_code_status()")
            .await?;
        // The downgrade fills status_code again from status.
        manager
            .alter_table(
                Table::alter()
                    .table("orders")
                    .drop_column("status_code")
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
                    .add_column(ColumnDef::new("status_code").string_len(20))
                    .to_owned(),
            )
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
        manager
            .alter_table(
                Table::alter()
                    .table("orders")
                    .modify_column(
                        ColumnDef::new("status_code")
                            .default(Expr::cust("'new'::character varying")),
                    )
                    .to_owned(),
            )
            .await?;
        db.execute_unprepared("ALTER TABLE orders ALTER COLUMN status DROP DEFAULT")
            .await?;

        Ok(())
    }
}
