pub use sea_orm_migration::prelude::*;

mod m20261123_102030_add_first_name_to_customers;
mod m20261123_102031_add_last_name_to_customers;
mod m20261123_102032_sync_name_with_first_name_and_last_name_of_customers;
mod m20261123_102033_fill_first_name_and_last_name_of_customers_from_name;
mod m20261123_102034_require_customers_first_name;
mod m20261123_102035_let_rows_leave_out_customers_name;
mod m20261123_102036_check_that_first_name_and_last_name_of_customers_say_what;
mod m20261123_102037_end_the_sync_of_name_and_first_name_and_last_name_of;
mod m20261123_102038_drop_name_from_customers;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_102030_add_first_name_to_customers::Migration),
            Box::new(m20261123_102031_add_last_name_to_customers::Migration),
            Box::new(
                m20261123_102032_sync_name_with_first_name_and_last_name_of_customers::Migration,
            ),
            Box::new(
                m20261123_102033_fill_first_name_and_last_name_of_customers_from_name::Migration,
            ),
            Box::new(m20261123_102034_require_customers_first_name::Migration),
            Box::new(m20261123_102035_let_rows_leave_out_customers_name::Migration),
            Box::new(
                m20261123_102036_check_that_first_name_and_last_name_of_customers_say_what::Migration,
            ),
            Box::new(
                m20261123_102037_end_the_sync_of_name_and_first_name_and_last_name_of::Migration,
            ),
            Box::new(m20261123_102038_drop_name_from_customers::Migration),
        ]
    }
}
