pub use sea_orm_migration::prelude::*;

mod m20261123_102030_add_returned_to_items_delivery;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(
            m20261123_102030_add_returned_to_items_delivery::Migration,
        )]
    }
}
