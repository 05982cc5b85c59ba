//! Make visits (id) the primary key.
//!
//! Plan     make-visits-id-the-primary-key · expand · 2 of 2
//! Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL
//!          there
//! Up       INPLACE, LOCK=NONE on visits while writing the table anew, 7–20 min: reads and writes
//!          go on, but queue at both ends, where it waits for open transactions, at most 2 s each
//!          time
//! Down     COPY, LOCK=SHARED on visits while writing the table anew, 7–20 min, waits at most 2 s:
//!          writes wait, reads go on but for both ends · lossless

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102031_make_visits_id_the_primary_key"
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
            SET SESSION lock_wait_timeout = 2;
            SET @sql_mode_before = @@SESSION.sql_mode;
            SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES');
            ALTER TABLE visits ADD PRIMARY KEY (id), ALGORITHM=INPLACE, LOCK=NONE;
            SET SESSION sql_mode = @sql_mode_before;
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
            ALTER TABLE visits DROP PRIMARY KEY, ALGORITHM=COPY, LOCK=SHARED;
            "#,
        )
        .await?;

        Ok(())
    }
}
