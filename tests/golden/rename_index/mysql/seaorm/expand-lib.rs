pub use sea_orm_migration::prelude::*;

mod m20261123_102030_rename_index_ix_orders_status_code_of_orders_to_ix_orders;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(
            m20261123_102030_rename_index_ix_orders_status_code_of_orders_to_ix_orders::Migration,
        )]
    }
}
