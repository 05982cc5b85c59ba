//! Make visits (id) the primary key.
//!
//! Plan     make-visits-id-the-primary-key · expand · 4 of 4
//! Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL
//!          there
//! Up       SHARE UPDATE EXCLUSIVE on visits while building, 1–7 min: reads and writes go on; then
//!          ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s
//! Down     ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s · lossless

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102033_make_visits_id_the_primary_key"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

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
                "visits holds rows with equal id: visits_pkey cannot be unique before they differ"
                    .to_owned(),
            ));
        }
        // A concurrent build cannot run in a transaction; an interrupted one leaves an INVALID
        // index, which is dropped here and built anew.
        let state = index_state(
            manager,
            r#"
            SELECT coalesce((
                SELECT CASE
                    WHEN (
                        i.indrelid = to_regclass('visits')
                        AND i.indisunique = true
                        AND m.amname = 'btree'
                        AND i.indnkeyatts = 1
                        AND (i.indpred IS NOT NULL) = false
                        AND ARRAY(
                            SELECT a.attname::text
                            FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place)
                            LEFT JOIN pg_attribute a
                                ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number <> 0
                            ORDER BY k.place
                        ) = ARRAY['id']::text[]
                        AND i.indoption::text = '0'
                        AND i.indnullsnotdistinct = false
                    ) IS NOT TRUE THEN 'different'
                    WHEN i.indisvalid AND i.indisready AND i.indislive THEN 'valid'
                    ELSE 'invalid'
                END
                FROM pg_class c
                LEFT JOIN pg_index i ON i.indexrelid = c.oid
                LEFT JOIN pg_am m ON m.oid = c.relam
                WHERE c.relname = 'visits_pkey_idx'
                    AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('visits'))
            ), 'absent')
            "#,
        )
        .await?;
        match state.as_str() {
            "different" => {
                return Err(DbErr::Migration(
                    "visits_pkey_idx is there with another definition: rename or drop it, run \
                     again"
                        .to_owned(),
                ));
            }
            "invalid" => {
                db.execute_unprepared("DROP INDEX CONCURRENTLY visits_pkey_idx")
                    .await?;
            }
            _ => {}
        }
        if state != "valid" {
            manager
                .create_index(
                    Index::create()
                        .name("visits_pkey_idx")
                        .table("visits")
                        .col("id")
                        .unique()
                        .concurrently()
                        .to_owned(),
                )
                .await?;
        }

        let manager = manager.begin().await?;
        let db = manager.get_connection();
        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared(
            "ALTER TABLE visits ADD CONSTRAINT visits_pkey PRIMARY KEY USING INDEX visits_pkey_idx",
        )
        .await?;
        manager.commit().await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let manager = manager.begin().await?;
        let db = manager.get_connection();
        db.execute_unprepared("SET LOCAL lock_timeout = '2s'")
            .await?;
        db.execute_unprepared("ALTER TABLE visits DROP CONSTRAINT visits_pkey")
            .await?;
        manager.commit().await?;

        Ok(())
    }
}

/// Returns "absent", "invalid", "valid" or "different", by the definition of the index.
async fn index_state(manager: &SchemaManager<'_>, query: &str) -> Result<String, DbErr> {
    let db = manager.get_connection();
    let query = Statement::from_string(db.get_database_backend(), query);
    match db.query_one_raw(query).await? {
        Some(row) => row.try_get_by_index(0),
        None => Ok("absent".to_owned()),
    }
}
