pub use sea_orm_migration::prelude::*;

mod m20261123_102030_require_visits_id;
mod m20261123_102031_make_visits_id_the_primary_key;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_102030_require_visits_id::Migration),
            Box::new(m20261123_102031_make_visits_id_the_primary_key::Migration),
        ]
    }
}
