//! Make customers (email) unique.
//!
//! Plan     make-customers-email-unique · expand · 1 of 1
//! Deploy   after the deploy whose code writes no doubles
//! Up       NOCOPY, LOCK=NONE on customers while building, 1–7 min: reads and writes go on, but
//!          queue at both ends, where it waits for open transactions, at most 2 s each time
//! Down     NOCOPY, LOCK=NONE on customers, < 10 ms, waits at most 2 s · lossless

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
            SET SESSION lock_wait_timeout = 2;
            ALTER TABLE customers
                ADD CONSTRAINT customers_email_key
                UNIQUE (email), ALGORITHM=NOCOPY, LOCK=NONE;
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
            ALTER TABLE customers DROP INDEX customers_email_key, ALGORITHM=NOCOPY, LOCK=NONE;
            "#,
        )
        .await?;

        Ok(())
    }
}
