//! Add returned to delivery.
//!
//! Plan     add-returned-to-delivery · expand · 1 of 1
//! Deploy   after the deploy of the code that can read returned, before the one that writes it
//! Up       no lock
//! Down     nothing to do: the value returned stays in delivery, which harms nothing · lossless

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_query::extension::postgres::Type;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_add_returned_to_delivery"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_type(
                Type::alter()
                    .name("delivery")
                    .add_value("returned")
                    .before("lost"),
            )
            .await?;

        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // The value returned stays in delivery, which harms nothing.
        Ok(())
    }
}
