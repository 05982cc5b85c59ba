pub use sea_orm_migration::prelude::*;

mod m20261123_102030_forbid_new_nulls_in_visits_id;
mod m20261123_102031_prove_visits_id_has_no_nulls;
mod m20261123_102032_require_visits_id;
mod m20261123_102033_make_visits_id_the_primary_key;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_102030_forbid_new_nulls_in_visits_id::Migration),
            Box::new(m20261123_102031_prove_visits_id_has_no_nulls::Migration),
            Box::new(m20261123_102032_require_visits_id::Migration),
            Box::new(m20261123_102033_make_visits_id_the_primary_key::Migration),
        ]
    }
}
