pub use sea_orm_migration::prelude::*;

mod m20261123_102030_add_check_ck_orders_total_to_orders;
mod m20261123_102031_validate_ck_orders_total_of_orders;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_102030_add_check_ck_orders_total_to_orders::Migration),
            Box::new(m20261123_102031_validate_ck_orders_total_of_orders::Migration),
        ]
    }
}
