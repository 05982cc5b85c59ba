pub use sea_orm_migration::prelude::*;

mod m20261123_102030_add_currency_to_orders;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m20261123_102030_add_currency_to_orders::Migration)]
    }
}
