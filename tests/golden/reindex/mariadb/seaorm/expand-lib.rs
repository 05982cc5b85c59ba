pub use sea_orm_migration::prelude::*;

mod m20261123_102030_add_ix_visits_page_new;
mod m20261123_102031_drop_ix_visits_page;
mod m20261123_102032_rename_ix_visits_page_new_to_ix_visits_page;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_102030_add_ix_visits_page_new::Migration),
            Box::new(m20261123_102031_drop_ix_visits_page::Migration),
            Box::new(m20261123_102032_rename_ix_visits_page_new_to_ix_visits_page::Migration),
        ]
    }
}
