//! Create invoices.
//!
//! Plan     create-table-invoices · expand · 1 of 1
//! Deploy   before the deploy of the code that uses invoices
//! Up       RESERVED on invoices, < 10 ms, waits at most 2 s
//! Down     EXCLUSIVE on invoices, < 10 ms, waits at most 2 s · lossless until invoices is written

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_create_invoices"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("PRAGMA busy_timeout = 2000").await?;
        db.execute_unprepared(
            r#"
            CREATE TABLE invoices (
                id integer NOT NULL,
                customer_id integer NOT NULL,
                number varchar(20) NOT NULL,
                total numeric NOT NULL DEFAULT 0,
                sent_at timestamp DEFAULT CURRENT_TIMESTAMP,
                paid_at timestamp,
                CONSTRAINT invoices_pkey PRIMARY KEY (id),
                CONSTRAINT invoices_number_key UNIQUE (number),
                CONSTRAINT ck_invoices_paid CHECK (paid_at >= sent_at),
                CONSTRAINT invoices_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id)
            )
            "#,
        )
        .await?;
        db.execute_unprepared(
            "CREATE INDEX ix_invoices_sent_at ON invoices (sent_at DESC) WHERE paid_at IS NULL",
        )
        .await?;
        db.execute_unprepared("CREATE INDEX ix_invoices_customer_id ON invoices (customer_id)")
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared("PRAGMA busy_timeout = 2000").await?;
        let offending = db
            .query_one_raw(Statement::from_string(
                db.get_database_backend(),
                "SELECT 1 FROM invoices LIMIT 1",
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "invoices holds rows, which the way back would lose: delete them first if they \
                 may go"
                    .to_owned(),
            ));
        }
        manager
            .drop_table(Table::drop().table("invoices").to_owned())
            .await?;

        Ok(())
    }
}
