pub use sea_orm_migration::prelude::*;

mod m20261123_102030_hide_ix_orders_status_code;
mod m20261123_102031_drop_ix_orders_status_code;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_102030_hide_ix_orders_status_code::Migration),
            Box::new(m20261123_102031_drop_ix_orders_status_code::Migration),
        ]
    }
}
