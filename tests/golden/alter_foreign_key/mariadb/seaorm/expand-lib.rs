pub use sea_orm_migration::prelude::*;

mod m20261123_102030_add_orders_customer_id_fkey_new_to_orders;
mod m20261123_102031_validate_orders_customer_id_fkey_new_of_orders;
mod m20261123_102032_drop_orders_customer_id_fkey_from_orders;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_102030_add_orders_customer_id_fkey_new_to_orders::Migration),
            Box::new(m20261123_102031_validate_orders_customer_id_fkey_new_of_orders::Migration),
            Box::new(m20261123_102032_drop_orders_customer_id_fkey_from_orders::Migration),
        ]
    }
}
