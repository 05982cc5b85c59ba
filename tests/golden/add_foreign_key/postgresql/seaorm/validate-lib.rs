pub use sea_orm_migration::prelude::*;

mod m20261123_102030_index_orders_billing_id;
mod m20261123_102031_add_foreign_key_orders_billing_id;
mod m20261123_102032_validate_orders_billing_id_fkey;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_102030_index_orders_billing_id::Migration),
            Box::new(m20261123_102031_add_foreign_key_orders_billing_id::Migration),
            Box::new(m20261123_102032_validate_orders_billing_id_fkey::Migration),
        ]
    }
}
