//! Check that contact of customers says what name and email say.
//!
//! Plan     merge-customers-contact · contract · 2 of 5 · data only
//! Deploy   a release later, when every running instance uses only contact
//! Up       no lock
//! Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
//!          lossless

use std::time::{Duration, Instant};

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102035_check_that_contact_of_customers_says_what_name_and_email_say"
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
                SELECT id
                FROM customers
                WHERE NOT (CAST(name AS binary) <=> CAST(substring_index(contact, ' <', 1) AS binary)) OR NOT (CAST(email AS binary) <=> CAST(nullif(substr(trim(trailing '>' from contact), char_length(substring_index(contact, ' <', 1)) + 3), '') AS binary))
                LIMIT 5
                "#,
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "name and email of customers hold values that contact would not bring back: mend \
                 them, in either form"
                    .to_owned(),
            ));
        }

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        // Walks the key, filters inside each batch: the last is as fast as the first.
        // Each batch commits by itself: stopping and running again is safe.
        db.execute_unprepared("SET SESSION innodb_lock_wait_timeout = 2")
            .await?;
        // Pause after each batch, as a share of the time that it took; 1.0 halves the speed.
        const REST: f64 = 0.2;
        let mut after = i64::MIN;
        let mut size: i64 = 1_000;
        let mut changed: u64 = 0;
        let mut failed = 0;
        let mut told = Instant::now();
        loop {
            let started = Instant::now();
            let keys = Statement::from_sql_and_values(
                db.get_database_backend(),
                r#"
                SELECT last_one.key_0 AS last_0 FROM (SELECT 1) AS always LEFT JOIN (
                    SELECT * FROM (
                        SELECT id AS key_0 FROM customers WHERE id > ? ORDER BY id LIMIT ?
                    ) AS walked
                    ORDER BY key_0 DESC LIMIT 1
                ) AS last_one ON true
                "#,
                [after.into(), size.into()],
            );
            let Some(row) = db.query_one_raw(keys).await? else {
                break;
            };
            let Some(last) = row.try_get::<Option<i64>>("", "last_0")? else {
                break;
            };
            let batch = Statement::from_sql_and_values(
                db.get_database_backend(),
                r#"
                UPDATE customers
                    SET name = substring_index(contact, ' <', 1), email = nullif(substr(trim(trailing '>' from contact), char_length(substring_index(contact, ' <', 1)) + 3), '')
                    WHERE id > ? AND id <= ? AND (NOT (CAST(name AS binary) <=> CAST(substring_index(contact, ' <', 1) AS binary)) OR NOT (CAST(email AS binary) <=> CAST(nullif(substr(trim(trailing '>' from contact), char_length(substring_index(contact, ' <', 1)) + 3), '') AS binary)))
                "#,
                [after.into(), last.into()],
            );
            changed += match db.execute_raw(batch).await {
                Err(error) if failed < 10 => {
                    // A row stayed locked, or a deadlock: this batch changed nothing.
                    failed += 1;
                    size = Ord::max(size / 2, 100);
                    eprintln!("{error}: trying again in {failed} s");
                    std::thread::sleep(Duration::from_secs(failed));
                    continue;
                }
                other => other?.rows_affected(),
            };
            (after, failed) = (last, 0);
            size = if started.elapsed() < Duration::from_millis(200) {
                Ord::min(size * 6 / 5, 10_000)
            } else {
                Ord::max(size / 2, 100)
            };
            if told.elapsed() > Duration::from_secs(10) {
                eprintln!("customers.name, email: id <= {after}, {changed} rows changed");
                told = Instant::now();
            }
            std::thread::sleep(started.elapsed().mul_f64(REST));
        }
        db.execute_unprepared("SET SESSION innodb_lock_wait_timeout = DEFAULT")
            .await?;

        Ok(())
    }
}
