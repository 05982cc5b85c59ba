//! Create invoices.
//!
//! Plan     create-table-invoices · expand · 1 of 1
//! Deploy   before the deploy of the code that uses invoices
//! Up       metadata lock on customers, < 10 ms, waits at most 2 s
//! Down     metadata lock on invoices and customers, < 10 ms, waits at most 2 s · lossless until
//!          invoices is written

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
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            CREATE TABLE invoices (
                id bigint NOT NULL AUTO_INCREMENT,
                customer_id bigint NOT NULL,
                number varchar(20) NOT NULL,
                total decimal(10,2) NOT NULL DEFAULT 0,
                sent_at datetime NULL DEFAULT CURRENT_TIMESTAMP,
                paid_at datetime NULL DEFAULT NULL,
                PRIMARY KEY (id),
                CONSTRAINT invoices_number_key UNIQUE (number),
                CONSTRAINT ck_invoices_paid CHECK (paid_at >= sent_at),
                CONSTRAINT invoices_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id),
                INDEX ix_invoices_sent_at (sent_at DESC),
                INDEX ix_invoices_customer_id (customer_id)
            );
            "#,
        )
        .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

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
        db.execute_unprepared(
            r#"
            SET SESSION lock_wait_timeout = 2;
            DROP TABLE invoices;
            "#,
        )
        .await?;

        Ok(())
    }
}
