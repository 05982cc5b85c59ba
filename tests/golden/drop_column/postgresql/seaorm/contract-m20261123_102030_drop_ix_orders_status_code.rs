//! Drop ix_orders_status_code.
//!
//! Plan     drop-orders-status-code · contract · 1 of 7
//! Deploy   a release later, when no running instance names orders.status_code
//! Up       SHARE UPDATE EXCLUSIVE on orders: reads and writes go on
//! Down     SHARE UPDATE EXCLUSIVE on orders while building, 1–7 min: reads and writes go on ·
//!          lossless

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_drop_ix_orders_status_code"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("DROP INDEX CONCURRENTLY IF EXISTS ix_orders_status_code")
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        // A concurrent build cannot run in a transaction; an interrupted one leaves an INVALID
        // index, which is dropped here and built anew.
        let state = index_state(
            manager,
            r#"
            SELECT coalesce((
                SELECT CASE
                    WHEN (
                        i.indrelid = to_regclass('orders')
                        AND i.indisunique = false
                        AND m.amname = 'btree'
                        AND i.indnkeyatts = 2
                        AND (i.indpred IS NOT NULL) = false
                        AND ARRAY(
                            SELECT a.attname::text
                            FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place)
                            LEFT JOIN pg_attribute a
                                ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number <> 0
                            ORDER BY k.place
                        ) = ARRAY['status_code', 'created_at']::text[]
                        AND i.indoption::text = '0 3'
                        AND i.indnullsnotdistinct = false
                    ) IS NOT TRUE THEN 'different'
                    WHEN i.indisvalid AND i.indisready AND i.indislive THEN 'valid'
                    ELSE 'invalid'
                END
                FROM pg_class c
                LEFT JOIN pg_index i ON i.indexrelid = c.oid
                LEFT JOIN pg_am m ON m.oid = c.relam
                WHERE c.relname = 'ix_orders_status_code'
                    AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('orders'))
            ), 'absent')
            "#,
        )
        .await?;
        match state.as_str() {
            "different" => {
                return Err(DbErr::Migration(
                    "ix_orders_status_code is there with another definition: rename or drop it, \
                     run again"
                        .to_owned(),
                ));
            }
            "invalid" => {
                db.execute_unprepared("DROP INDEX CONCURRENTLY ix_orders_status_code")
                    .await?;
            }
            _ => {}
        }
        if state != "valid" {
            manager
                .create_index(
                    Index::create()
                        .name("ix_orders_status_code")
                        .table("orders")
                        .col("status_code")
                        .col(("created_at", IndexOrder::Desc))
                        .concurrently()
                        .to_owned(),
                )
                .await?;
        }

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
