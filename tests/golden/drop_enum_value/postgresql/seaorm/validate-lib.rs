pub use sea_orm_migration::prelude::*;

mod m20261123_102030_forbid_lost_in_items_delivery;
mod m20261123_102031_validate_ck_items_delivery_not_lost_of_items;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_102030_forbid_lost_in_items_delivery::Migration),
            Box::new(m20261123_102031_validate_ck_items_delivery_not_lost_of_items::Migration),
        ]
    }
}
