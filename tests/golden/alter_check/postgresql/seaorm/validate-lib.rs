pub use sea_orm_migration::prelude::*;

mod m20261123_102030_add_ck_orders_status_new_to_orders;
mod m20261123_102031_validate_ck_orders_status_new_of_orders;
mod m20261123_102032_put_ck_orders_status_new_in_the_place_of_ck_orders_status;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_102030_add_ck_orders_status_new_to_orders::Migration),
            Box::new(m20261123_102031_validate_ck_orders_status_new_of_orders::Migration),
            Box::new(
                m20261123_102032_put_ck_orders_status_new_in_the_place_of_ck_orders_status::Migration,
            ),
        ]
    }
}
