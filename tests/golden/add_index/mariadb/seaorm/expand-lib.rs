pub use sea_orm_migration::prelude::*;

mod m20261123_102030_add_ix_orders_status_code_total;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(
            m20261123_102030_add_ix_orders_status_code_total::Migration,
        )]
    }
}
