//! Check that orders.contact says what customers.email says.
//!
//! Plan     move-customers-email · validate · 1 of 1
//! Deploy   when the fill is done; then deploy the code that reads the new place and still writes
//!          both
//! Up       no lock
//! Down     a comparison changes nothing: nothing to undo · lossless

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102032_check_that_orders_contact_says_what_customers_email_says"
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
                SELECT orders.id
                FROM orders, customers
                WHERE customers.id = orders.customer_id AND NOT (CAST(orders.contact AS binary) <=> CAST(customers.email AS binary))
                LIMIT 5
                "#,
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "orders.contact does not say yet what customers.email says: let all code write \
                 both, then run the backfill to its end"
                    .to_owned(),
            ));
        }
        let offending = db
            .query_one_raw(Statement::from_string(
                db.get_database_backend(),
                r#"
                SELECT customers.id
                FROM customers
                WHERE customers.email IS NOT NULL AND NOT EXISTS (SELECT 1 FROM orders WHERE customers.id = orders.customer_id)
                LIMIT 5
                "#,
            ))
            .await?;
        if offending.is_some() {
            return Err(DbErr::Migration(
                "customers holds rows with a value in email and without a row of orders, where it \
                 would be lost: add these rows first, or clear the value"
                    .to_owned(),
            ));
        }

        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // A comparison changes nothing: nothing to undo.
        Ok(())
    }
}
