pub use sea_orm_migration::prelude::*;

mod m20261123_102030_show_orders_as_purchases_too;
mod m20261123_102031_rename_orders_to_purchases;
mod m20261123_102032_drop_the_view_orders_of_purchases;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_102030_show_orders_as_purchases_too::Migration),
            Box::new(m20261123_102031_rename_orders_to_purchases::Migration),
            Box::new(m20261123_102032_drop_the_view_orders_of_purchases::Migration),
        ]
    }
}
