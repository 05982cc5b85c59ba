pub use sea_orm_migration::prelude::*;

mod m20261123_102030_drop_ix_orders_status_code;
mod m20261123_102031_prove_the_checks_of_orders_status_code_on_the_way_back;
mod m20261123_102032_drop_the_checks_of_orders_status_code;
mod m20261123_102033_create_orders_status_code_archive;
mod m20261123_102034_keep_orders_status_code_in_orders_status_code_archive;
mod m20261123_102035_check_that_orders_status_code_archive_holds_orders_status;
mod m20261123_102036_drop_status_code_from_orders;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_102030_drop_ix_orders_status_code::Migration),
            Box::new(
                m20261123_102031_prove_the_checks_of_orders_status_code_on_the_way_back::Migration,
            ),
            Box::new(m20261123_102032_drop_the_checks_of_orders_status_code::Migration),
            Box::new(m20261123_102033_create_orders_status_code_archive::Migration),
            Box::new(
                m20261123_102034_keep_orders_status_code_in_orders_status_code_archive::Migration,
            ),
            Box::new(
                m20261123_102035_check_that_orders_status_code_archive_holds_orders_status::Migration,
            ),
            Box::new(m20261123_102036_drop_status_code_from_orders::Migration),
        ]
    }
}
