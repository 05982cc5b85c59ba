pub use sea_orm_migration::prelude::*;

mod m20261123_102030_prove_orders_customer_id_fkey_on_the_way_back;
mod m20261123_102031_drop_orders_customer_id_fkey_from_orders;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_102030_prove_orders_customer_id_fkey_on_the_way_back::Migration),
            Box::new(m20261123_102031_drop_orders_customer_id_fkey_from_orders::Migration),
        ]
    }
}
