pub use sea_orm_migration::prelude::*;

mod m20261123_102030_add_topic_and_rest_to_orders;
mod m20261123_102031_sync_note_with_topic_and_rest_of_orders;
mod m20261123_102032_fill_topic_and_rest_of_orders_from_note;
mod m20261123_102033_check_that_topic_and_rest_of_orders_say_what_note_says;
mod m20261123_102034_drop_note_from_orders;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_102030_add_topic_and_rest_to_orders::Migration),
            Box::new(m20261123_102031_sync_note_with_topic_and_rest_of_orders::Migration),
            Box::new(m20261123_102032_fill_topic_and_rest_of_orders_from_note::Migration),
            Box::new(
                m20261123_102033_check_that_topic_and_rest_of_orders_say_what_note_says::Migration,
            ),
            Box::new(m20261123_102034_drop_note_from_orders::Migration),
        ]
    }
}
