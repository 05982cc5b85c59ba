pub use sea_orm_migration::prelude::*;

mod m20261123_102030_add_contact_to_orders;
mod m20261123_102031_fill_orders_contact_from_customers_email;
mod m20261123_102032_check_that_orders_contact_says_what_customers_email_says;
mod m20261123_102033_fill_customers_email_on_the_way_back;
mod m20261123_102034_drop_email_from_customers;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_102030_add_contact_to_orders::Migration),
            Box::new(m20261123_102031_fill_orders_contact_from_customers_email::Migration),
            Box::new(
                m20261123_102032_check_that_orders_contact_says_what_customers_email_says::Migration,
            ),
            Box::new(m20261123_102033_fill_customers_email_on_the_way_back::Migration),
            Box::new(m20261123_102034_drop_email_from_customers::Migration),
        ]
    }
}
