pub use sea_orm_migration::prelude::*;

mod m20261123_102030_add_status_to_orders;
mod m20261123_102031_sync_status_code_and_status_of_orders;
mod m20261123_102032_fill_orders_status_from_status_code;
mod m20261123_102033_add_ix_orders_status;
mod m20261123_102034_add_ck_orders_status_status_to_orders;
mod m20261123_102035_require_orders_status;
mod m20261123_102036_drop_ix_orders_status_code;
mod m20261123_102037_drop_the_checks_of_orders_status_code;
mod m20261123_102038_check_that_status_code_and_status_of_orders_agree;
mod m20261123_102039_set_default_of_orders_status;
mod m20261123_102040_end_the_sync_of_status_code_and_status_of_orders;
mod m20261123_102041_drop_status_code_from_orders;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_102030_add_status_to_orders::Migration),
            Box::new(m20261123_102031_sync_status_code_and_status_of_orders::Migration),
            Box::new(m20261123_102032_fill_orders_status_from_status_code::Migration),
            Box::new(m20261123_102033_add_ix_orders_status::Migration),
            Box::new(m20261123_102034_add_ck_orders_status_status_to_orders::Migration),
            Box::new(m20261123_102035_require_orders_status::Migration),
            Box::new(m20261123_102036_drop_ix_orders_status_code::Migration),
            Box::new(m20261123_102037_drop_the_checks_of_orders_status_code::Migration),
            Box::new(m20261123_102038_check_that_status_code_and_status_of_orders_agree::Migration),
            Box::new(m20261123_102039_set_default_of_orders_status::Migration),
            Box::new(m20261123_102040_end_the_sync_of_status_code_and_status_of_orders::Migration),
            Box::new(m20261123_102041_drop_status_code_from_orders::Migration),
        ]
    }
}
