pub use sea_orm_migration::prelude::*;

mod m20261123_102030_fill_customers_email;
mod m20261123_102031_forbid_new_nulls_in_customers_email;
mod m20261123_102032_prove_customers_email_has_no_nulls;
mod m20261123_102033_require_customers_email;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_102030_fill_customers_email::Migration),
            Box::new(m20261123_102031_forbid_new_nulls_in_customers_email::Migration),
            Box::new(m20261123_102032_prove_customers_email_has_no_nulls::Migration),
            Box::new(m20261123_102033_require_customers_email::Migration),
        ]
    }
}
