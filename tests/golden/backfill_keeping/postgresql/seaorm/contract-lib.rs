pub use sea_orm_migration::prelude::*;

mod m20261123_102030_create_orders_note_old;
mod m20261123_102031_fill_orders_note;
mod m20261123_102032_drop_orders_note_old;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_102030_create_orders_note_old::Migration),
            Box::new(m20261123_102031_fill_orders_note::Migration),
            Box::new(m20261123_102032_drop_orders_note_old::Migration),
        ]
    }
}
