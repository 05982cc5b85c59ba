//! Make visits (id) the primary key.
//!
//! Plan     make-visits-id-the-primary-key · expand · 1 of 1
//! Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL
//!          there
//! Up       EXCLUSIVE on visits while writing the table anew, 7–20 min: reads and writes wait
//! Down     EXCLUSIVE on visits while writing the table anew, 7–20 min: reads and writes wait ·
//!          lossless

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_make_visits_id_the_primary_key"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        let offending = db
            .query_one_raw(Statement::from_string(
                db.get_database_backend(),
                "SELECT 1 FROM visits WHERE id IS NULL LIMIT 5",
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "visits.id still holds NULLs: fill them before it becomes required".to_owned(),
            ));
        }
        let offending = db
            .query_one_raw(Statement::from_string(
                db.get_database_backend(),
                r#"
                SELECT id, count(*)
                FROM visits
                WHERE id IS NOT NULL
                GROUP BY id
                HAVING count(*) > 1
                LIMIT 5
                "#,
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "visits holds rows with equal id: the key cannot be unique before they differ"
                    .to_owned(),
            ));
        }
        db.execute_unprepared(
            r#"
            PRAGMA foreign_keys = OFF;
            PRAGMA legacy_alter_table = ON;
            BEGIN IMMEDIATE;
            CREATE TABLE migwiz_new_visits (
                id INTEGER NOT NULL,
                customer_id INTEGER NOT NULL,
                page TEXT NOT NULL,
                seconds integer,
                stay tstzrange,
                PRIMARY KEY (id)
            );
            INSERT INTO migwiz_new_visits (id, customer_id, page, seconds, stay)
            SELECT id, customer_id, page, seconds, stay FROM visits;
            DROP TABLE IF EXISTS temp.migwiz_require;
            CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "visits and its copy differ in their number of rows" CHECK (holds));
            INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
                SELECT 1 WHERE (SELECT count(*) FROM visits) <> (SELECT count(*) FROM migwiz_new_visits)
            );
            DROP TABLE temp.migwiz_require;
            DROP TABLE visits;
            ALTER TABLE migwiz_new_visits RENAME TO visits;
            CREATE INDEX ix_visits_page ON visits (page);
            DROP TABLE IF EXISTS temp.migwiz_require;
            CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "foreign keys point nowhere after visits was rebuilt" CHECK (holds));
            INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
                SELECT 1 FROM pragma_foreign_key_check
            );
            DROP TABLE temp.migwiz_require;
            COMMIT;
            PRAGMA legacy_alter_table = OFF;
            PRAGMA foreign_keys = ON;
            "#,
        )
        .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            PRAGMA foreign_keys = OFF;
            PRAGMA legacy_alter_table = ON;
            BEGIN IMMEDIATE;
            CREATE TABLE migwiz_new_visits (
                id INTEGER,
                customer_id INTEGER NOT NULL,
                page TEXT NOT NULL,
                seconds integer,
                stay tstzrange
            );
            INSERT INTO migwiz_new_visits (id, customer_id, page, seconds, stay)
            SELECT id, customer_id, page, seconds, stay FROM visits;
            DROP TABLE IF EXISTS temp.migwiz_require;
            CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "visits and its copy differ in their number of rows" CHECK (holds));
            INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
                SELECT 1 WHERE (SELECT count(*) FROM visits) <> (SELECT count(*) FROM migwiz_new_visits)
            );
            DROP TABLE temp.migwiz_require;
            DROP TABLE visits;
            ALTER TABLE migwiz_new_visits RENAME TO visits;
            CREATE INDEX ix_visits_page ON visits (page);
            DROP TABLE IF EXISTS temp.migwiz_require;
            CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "foreign keys point nowhere after visits was rebuilt" CHECK (holds));
            INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
                SELECT 1 FROM pragma_foreign_key_check
            );
            DROP TABLE temp.migwiz_require;
            COMMIT;
            PRAGMA legacy_alter_table = OFF;
            PRAGMA foreign_keys = ON;
            "#,
        )
        .await?;

        Ok(())
    }
}
