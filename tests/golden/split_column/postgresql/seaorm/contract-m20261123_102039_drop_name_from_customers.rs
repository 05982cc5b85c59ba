//! Drop name from customers.
//!
//! Plan     split-customers-name · contract · 4 of 4
//! Deploy   a release later, when every running instance uses only first_name and last_name
//! Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102039_drop_name_from_customers"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared(
            "DROP TRIGGER zz_sync_customers_name_first_name_last_name ON customers",
        )
        .await?;
        db.execute_unprepared("DROP FUNCTION zz_sync_customers_name_first_name_last_name()")
            .await?;
        // The downgrade makes name again from first_name and last_name.
        manager
            .alter_table(
                Table::alter()
                    .table("customers")
                    .drop_column("name")
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
                    .table("customers")
                    .add_column(ColumnDef::new("name").text())
                    .to_owned(),
            )
            .await?;
        db.execute_unprepared(
            r#"
CREATE FUNCTION zz_sync_customers_name_first_name_last_name() RETURNS trigger LANGUAGE plpgsql AS $migwiz$
DECLARE
    made record := NEW;
BEGIN
    BEGIN
        made.first_name := split_part(NEW.name, ' ', 1);
        made.last_name := nullif(substr(NEW.name, length(split_part(NEW.name, ' ', 1)) + 2), '');
    EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
        made.first_name := NULL;
        made.last_name := NULL;
    END;
    BEGIN
        made.name := concat_ws(' ', NEW.first_name, NEW.last_name);
    EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
        made.name := NULL;
    END;
    IF TG_OP = 'INSERT' THEN
        IF NEW.first_name IS NULL AND NEW.last_name IS NULL THEN
            NEW.first_name := made.first_name;
            NEW.last_name := made.last_name;
        ELSE
            NEW.name := made.name;
        END IF;
    ELSIF NEW.first_name IS DISTINCT FROM OLD.first_name OR NEW.last_name IS DISTINCT FROM OLD.last_name THEN
        IF NEW.first_name IS DISTINCT FROM made.first_name OR NEW.last_name IS DISTINCT FROM made.last_name THEN
            NEW.name := made.name;
        END IF;
    ELSIF NEW.name IS DISTINCT FROM OLD.name THEN
        IF (NEW.first_name IS NULL AND NEW.last_name IS NULL) OR NEW.name IS DISTINCT FROM made.name THEN
            NEW.first_name := made.first_name;
            NEW.last_name := made.last_name;
        END IF;
    END IF;
    RETURN NEW;
END
$migwiz$
"#,
        )
        .await?;
        db.execute_unprepared(
            r#"
CREATE TRIGGER zz_sync_customers_name_first_name_last_name
    BEFORE INSERT OR UPDATE
    ON customers
    FOR EACH ROW
    EXECUTE FUNCTION zz_sync_customers_name_first_name_last_name()
"#,
        )
        .await?;

        Ok(())
    }
}
