pub use sea_orm_migration::prelude::*;

mod m20261123_102030_add_contact_to_customers;
mod m20261123_102031_sync_name_and_email_with_contact_of_customers;
mod m20261123_102032_fill_contact_of_customers_from_name_and_email;
mod m20261123_102033_require_customers_contact;
mod m20261123_102034_let_rows_leave_out_customers_name;
mod m20261123_102035_check_that_contact_of_customers_says_what_name_and_email_say;
mod m20261123_102036_end_the_sync_of_name_and_email_and_contact_of_customers;
mod m20261123_102037_drop_name_from_customers;
mod m20261123_102038_drop_email_from_customers;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_102030_add_contact_to_customers::Migration),
            Box::new(m20261123_102031_sync_name_and_email_with_contact_of_customers::Migration),
            Box::new(m20261123_102032_fill_contact_of_customers_from_name_and_email::Migration),
            Box::new(m20261123_102033_require_customers_contact::Migration),
            Box::new(m20261123_102034_let_rows_leave_out_customers_name::Migration),
            Box::new(
                m20261123_102035_check_that_contact_of_customers_says_what_name_and_email_say::Migration,
            ),
            Box::new(
                m20261123_102036_end_the_sync_of_name_and_email_and_contact_of_customers::Migration,
            ),
            Box::new(m20261123_102037_drop_name_from_customers::Migration),
            Box::new(m20261123_102038_drop_email_from_customers::Migration),
        ]
    }
}
