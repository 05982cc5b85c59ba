//! Fill orders.note.
//!
//! Plan     fill-orders-note · backfill · 1 of 1 · data only
//! Deploy   at any time, best when there is little traffic
//! Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
//! Again    looks at all of about 120,000,000 rows, 2–10 min, and changes those that are left;
//!          planned with --backfill runner, fill-orders-note would go on where it was
//! Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
//!          lossless until orders_note_old is dropped

use std::time::{Duration, Instant};

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102031_fill_orders_note"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        // Walks the key; each batch keeps in orders_note_old what its rows held before.
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
                        SELECT id FROM orders
                        WHERE id > $1
                        ORDER BY id LIMIT $2
                    ) AS walked
                    ORDER BY id DESC LIMIT 1
                ), held AS (
                    SELECT id, note FROM orders
                    WHERE id > $1
                    AND id <= (SELECT id FROM batch)
                    AND note IS DISTINCT FROM 'new'
                    ORDER BY id FOR UPDATE
                ), changed AS (
                    UPDATE orders SET note = 'new'
                    WHERE id > $1
                    AND id <= (SELECT id FROM batch)
                    AND note IS DISTINCT FROM 'new'
                    AND id IN (SELECT id FROM held)
                    RETURNING id, note
                ), counted AS (
                    INSERT INTO orders_note_old AS kept (id, old_note, new_note)
                    SELECT held.id, held.note, changed.note
                    FROM held JOIN changed USING (id)
                    ON CONFLICT (id) DO UPDATE SET
                        old_note = CASE
                            WHEN excluded.old_note IS DISTINCT FROM kept.new_note THEN excluded.old_note
                            ELSE kept.old_note
                        END,
                        new_note = excluded.new_note
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
                eprintln!("orders.note: id <= {after}, {changed} rows changed");
                told = Instant::now();
            }
            std::thread::sleep(started.elapsed().mul_f64(REST));
            while db.query_one_raw(lagging.clone()).await?.is_some() {
                std::thread::sleep(Duration::from_secs(1));
            }
        }

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
                        SELECT id FROM orders
                        WHERE id > $1
                        ORDER BY id LIMIT $2
                    ) AS walked
                    ORDER BY id DESC LIMIT 1
                ), changed AS (
                    UPDATE orders SET note = kept.old_note
                    FROM orders_note_old AS kept
                    WHERE orders.id > $1 AND orders.id <= (SELECT id FROM batch) AND kept.id = orders.id AND NOT (orders.note IS DISTINCT FROM kept.new_note) AND orders.note IS DISTINCT FROM kept.old_note
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
                eprintln!("orders.note: id <= {after}, {changed} rows changed");
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
