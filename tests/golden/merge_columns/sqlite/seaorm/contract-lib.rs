pub use sea_orm_migration::prelude::*;

mod m20261123_102030_add_remark_to_orders;
mod m20261123_102031_sync_note_and_total_with_remark_of_orders;
mod m20261123_102032_fill_remark_of_orders_from_note_and_total;
mod m20261123_102033_check_that_remark_of_orders_says_what_note_and_total_say;
mod m20261123_102034_drop_note_and_total_from_orders;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_102030_add_remark_to_orders::Migration),
            Box::new(m20261123_102031_sync_note_and_total_with_remark_of_orders::Migration),
            Box::new(m20261123_102032_fill_remark_of_orders_from_note_and_total::Migration),
            Box::new(
                m20261123_102033_check_that_remark_of_orders_says_what_note_and_total_say::Migration,
            ),
            Box::new(m20261123_102034_drop_note_and_total_from_orders::Migration),
        ]
    }
}
