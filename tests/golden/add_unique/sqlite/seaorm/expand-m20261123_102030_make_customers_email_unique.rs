//! Make customers (email) unique.
//!
//! Plan     make-customers-email-unique · expand · 1 of 1
//! Deploy   after the deploy whose code writes no doubles
//! Up       EXCLUSIVE on customers while writing the table anew, 7–20 min: reads and writes wait
//! Down     EXCLUSIVE on customers while writing the table anew, 7–20 min: reads and writes wait ·
//!          lossless

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_make_customers_email_unique"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        let offending = db
            .query_one_raw(Statement::from_string(
                db.get_database_backend(),
                r#"
                SELECT email, count(*)
                FROM customers
                WHERE email IS NOT NULL
                GROUP BY email
                HAVING count(*) > 1
                LIMIT 5
                "#,
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "customers holds rows with equal email: customers_email_key cannot be unique \
                 before they differ"
                    .to_owned(),
            ));
        }
        db.execute_unprepared(
            r#"
            PRAGMA foreign_keys = OFF;
            PRAGMA legacy_alter_table = ON;
            BEGIN IMMEDIATE;
            CREATE TABLE migwiz_new_customers (
                id INTEGER NOT NULL,
                email TEXT,
                name TEXT NOT NULL,
                PRIMARY KEY (id),
                CONSTRAINT customers_email_key UNIQUE (email)
            );
            INSERT INTO migwiz_new_customers (id, email, name)
            SELECT id, email, name FROM customers;
            DROP TABLE IF EXISTS temp.migwiz_require;
            CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "customers and its copy differ in their number of rows" CHECK (holds));
            INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
                SELECT 1 WHERE (SELECT count(*) FROM customers) <> (SELECT count(*) FROM migwiz_new_customers)
            );
            DROP TABLE temp.migwiz_require;
            DROP TABLE customers;
            ALTER TABLE migwiz_new_customers RENAME TO customers;
            DROP TABLE IF EXISTS temp.migwiz_require;
            CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "foreign keys point nowhere after customers was rebuilt" CHECK (holds));
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
            CREATE TABLE migwiz_new_customers (
                id INTEGER NOT NULL,
                email TEXT,
                name TEXT NOT NULL,
                PRIMARY KEY (id)
            );
            INSERT INTO migwiz_new_customers (id, email, name)
            SELECT id, email, name FROM customers;
            DROP TABLE IF EXISTS temp.migwiz_require;
            CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "customers and its copy differ in their number of rows" CHECK (holds));
            INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
                SELECT 1 WHERE (SELECT count(*) FROM customers) <> (SELECT count(*) FROM migwiz_new_customers)
            );
            DROP TABLE temp.migwiz_require;
            DROP TABLE customers;
            ALTER TABLE migwiz_new_customers RENAME TO customers;
            DROP TABLE IF EXISTS temp.migwiz_require;
            CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "foreign keys point nowhere after customers was rebuilt" CHECK (holds));
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
