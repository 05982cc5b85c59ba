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
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // Only the downgrade has work to do: it copies orders.contact back.
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        // Walks the key, filters inside each batch: the last is as fast as the first.
        // Each batch commits by itself: stopping and running again is safe.
        // While this finds a standby, the next batch waits: reads from standbys stay fresh.
        let lagging = Statement::from_string(
            db.get_database_backend(),
            "SELECT 1 FROM pg_stat_replication WHERE replay_lag > interval '5 s'",
        );
        // Pause after each batch, as a share of the time that it took; 1.0 halves the speed.
        const REST: f64 = 0.2;
        let mut after = i64::MIN;
        let mut size: i64 = 1_000;
        let mut changed: i64 = 0;
        let mut failed = 0;
        let mut told = Instant::now();
        loop {
            let started = Instant::now();
            let batch = Statement::from_sql_and_values(
                db.get_database_backend(),
                r#"
                WITH batch AS (
                    SELECT id, set_config('lock_timeout', '2s', true) FROM (
                        SELECT id FROM customers
                        WHERE id > $1
                        ORDER BY id LIMIT $2
                    ) AS walked
                    ORDER BY id DESC LIMIT 1
                ), changed AS (
                    UPDATE customers SET email = orders.contact
                    FROM orders
                    WHERE customers.id > $1 AND customers.id <= (SELECT id FROM batch) AND customers.id = orders.customer_id AND NOT EXISTS (SELECT 1 FROM orders AS earlier WHERE earlier.customer_id = orders.customer_id AND earlier.id < orders.id) AND orders.contact IS DISTINCT FROM customers.email
                    RETURNING 1
                )
                SELECT (SELECT id FROM batch) AS last_0, (SELECT count(*) FROM changed) AS changed
                "#,
                [after.into(), size.into()],
            );
            let row = match db.query_one_raw(batch).await {
                Err(error) if failed < 10 => {
                    // A row stayed locked, or a deadlock: this batch changed nothing.
                    failed += 1;
                    size = Ord::max(size / 2, 100);
                    eprintln!("{error}: trying again in {failed} s");
                    std::thread::sleep(Duration::from_secs(failed));
                    continue;
                }
                other => other?,
            };
            let Some(row) = row else {
                break;
            };
            let Some(last) = row.try_get::<Option<i64>>("", "last_0")? else {
                break;
            };
            changed += row.try_get::<i64>("", "changed")?;
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
            while db.query_one_raw(lagging.clone()).await?.is_some() {
                std::thread::sleep(Duration::from_secs(1));
            }
        }

        Ok(())
    }
}
