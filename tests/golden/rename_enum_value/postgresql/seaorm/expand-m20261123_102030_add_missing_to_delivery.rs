//! Add missing to delivery.
//!
//! Plan     rename-lost-of-delivery-to-missing · expand · 1 of 1
//! Deploy   before the deploy of the code that reads missing as well as lost
//! Up       no lock
//! Down     nothing to do: the value missing stays in delivery, which harms nothing · lossless

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_query::extension::postgres::Type;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_add_missing_to_delivery"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_type(
                Type::alter()
                    .name("delivery")
                    .add_value("missing")
                    .after("lost"),
            )
            .await?;

        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // The value missing stays in delivery, which harms nothing.
        Ok(())
    }
}
