//! Families end to end: what a child's write means to who holds its parent, and what races leave behind.
//!
//! `VERSIONED_SOAK_SECONDS` lets each race go on for longer.

#[path = "board_families/links.rs"]
mod links;
#[path = "board_families/races.rs"]
mod races;
#[path = "board_families/served.rs"]
mod served;
#[path = "board_families/story.rs"]
mod story;
mod support;

/// One test for each store.
macro_rules! on_each_store {
    ($($test:path as $name:ident),* $(,)?) => {
        mod memory {
            $(#[test] fn $name() { $test(crate::support::Store::Memory); })*
        }
        mod sqlite {
            $(#[test] fn $name() { $test(crate::support::Store::Sqlite); })*
        }
        mod postgresql {
            $(
                #[test]
                #[ignore = "needs PostgreSQL: run by cargo xtask test"]
                fn $name() { $test(crate::support::Store::postgres()); }
            )*
        }
    };
}

on_each_store! {
    crate::story::a_refresh_shows_what_the_tag_then_covers as a_refresh,
    crate::story::a_holder_of_the_tag_before_goes_on_with_the_one_after as an_advance,
    crate::story::a_holder_of_another_tag_does_not_advance as no_advance,
    crate::story::an_editor_of_a_parent_with_a_lock_of_its_own_goes_on as a_lock_of_ones_own,
    crate::races::each_of_32_children_moves_their_parent_on as thirty_two_children,
    crate::races::a_parent_that_goes_under_32_writers_leaves_no_orphan as thirty_two_children_and_a_deleter,
    crate::races::a_board_that_is_deleted_while_tasks_come_leaves_none as a_deleted_board,
    crate::races::moves_between_two_boards_in_both_directions_all_end as opposite_moves,
}
