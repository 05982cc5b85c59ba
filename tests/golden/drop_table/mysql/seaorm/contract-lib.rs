pub use sea_orm_migration::prelude::*;

mod m20261123_102030_prove_items_product_id_fkey_on_the_way_back;
mod m20261123_102031_drop_items_product_id_fkey_from_items;
mod m20261123_102032_rename_items_to_items_tombstone;
mod m20261123_102033_drop_table_items_tombstone;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_102030_prove_items_product_id_fkey_on_the_way_back::Migration),
            Box::new(m20261123_102031_drop_items_product_id_fkey_from_items::Migration),
            Box::new(m20261123_102032_rename_items_to_items_tombstone::Migration),
            Box::new(m20261123_102033_drop_table_items_tombstone::Migration),
        ]
    }
}
