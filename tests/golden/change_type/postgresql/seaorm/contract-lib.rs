pub use sea_orm_migration::prelude::*;

mod m20261123_102030_add_total_new_to_orders;
mod m20261123_102031_sync_total_with_total_new_of_orders;
mod m20261123_102032_fill_orders_total_new_from_total;
mod m20261123_102033_check_that_total_new_of_orders_is_complete;
mod m20261123_102034_swap_orders_total_for_its_numeric_14_4_twin;
mod m20261123_102035_fill_total_old_of_orders_on_the_way_back;
mod m20261123_102036_drop_total_old_from_orders;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_102030_add_total_new_to_orders::Migration),
            Box::new(m20261123_102031_sync_total_with_total_new_of_orders::Migration),
            Box::new(m20261123_102032_fill_orders_total_new_from_total::Migration),
            Box::new(m20261123_102033_check_that_total_new_of_orders_is_complete::Migration),
            Box::new(m20261123_102034_swap_orders_total_for_its_numeric_14_4_twin::Migration),
            Box::new(m20261123_102035_fill_total_old_of_orders_on_the_way_back::Migration),
            Box::new(m20261123_102036_drop_total_old_from_orders::Migration),
        ]
    }
}
