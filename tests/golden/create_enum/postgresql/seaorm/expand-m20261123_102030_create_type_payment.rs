//! Create type payment.
//!
//! Plan     create-type-payment · expand · 1 of 1
//! Deploy   before the deploy of the code that uses payment
//! Up       no lock
//! Down     no lock · lossless

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_query::extension::postgres::Type;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_102030_create_type_payment"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_type(
                Type::create()
                    .as_enum("payment")
                    .values(["open", "paid", "refunded"])
                    .to_owned(),
            )
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_type(Type::drop().name("payment").to_owned())
            .await?;

        Ok(())
    }
}
