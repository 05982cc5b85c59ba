//! Fill customers.email on the way back.
//!
//! Plan     move-customers-email · contract · 1 of 2 · data only
//! Deploy   a release later, when every running instance uses only orders.contact
//! Up       no lock
//! Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
//!          lossless

use std::time::{Duration, Instant};

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102033_fill_customers_email_on_the_way_back"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // Only the downgrade has work to do: it copies orders.contact back.
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        // Walks the key, filters inside each batch: the last is as fast as the first.
        // Each batch commits by itself: stopping and running again is safe.
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
                SELECT last.key_0 AS last_0 FROM (SELECT 1) LEFT JOIN (
                    SELECT * FROM (
                        SELECT id AS key_0 FROM customers WHERE id > ? ORDER BY id LIMIT ?
                    )
                    ORDER BY key_0 DESC LIMIT 1
                ) AS last ON true
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
                    SET email = orders.contact
                    FROM orders
                    WHERE customers.id > ? AND customers.id <= ? AND customers.id = orders.customer_id AND NOT EXISTS (SELECT 1 FROM orders AS earlier WHERE earlier.customer_id = orders.customer_id AND earlier.id < orders.id) AND orders.contact IS NOT customers.email
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
                eprintln!("customers.email: id <= {after}, {changed} rows changed");
                told = Instant::now();
            }
            std::thread::sleep(started.elapsed().mul_f64(REST));
        }

        Ok(())
    }
}
