//! The cases about fields that follow children.

use crate::{bug::Bug, table::Row};

pub(super) const ROWS: &[Row] = &[
    ("a_parent_follows_its_children", &[Bug::ReadsNoDocuments, Bug::DerivesNothing, Bug::DerivesFromTheFirstDocument]),
    (
        "what_is_derived_stands_under_the_tag_of_the_touch",
        &[Bug::DerivesNothing, Bug::DerivesUnderTheFormerTag, Bug::TellsNoTouches],
    ),
    ("what_is_derived_is_followed_in_turn", &[Bug::DerivesNothing, Bug::DerivesFromTheFirstDocument]),
    (
        "a_child_touches_by_what_is_derived_alone_where_its_link_says_so",
        &[Bug::TouchesByContentAlways, Bug::ForgetsTouches, Bug::DerivesNothing, Bug::TellsNoTouches],
    ),
    (
        "what_is_derived_touches_those_whom_another_touch_spared",
        &[Bug::LocksTheFamilyNever, Bug::ForgetsTouches, Bug::DerivesNothing],
    ),
    (
        "what_is_derived_is_remembered_for_as_long_as_its_parents_writer_said",
        &[Bug::KeepsNoChanges, Bug::ForgetsNoChange],
    ),
    ("a_move_is_followed_by_both_parents", &[Bug::DerivesNothing, Bug::DerivesFromTheFirstDocument]),
    (
        "what_a_cascade_takes_from_a_parent_that_stays_is_followed",
        &[Bug::DerivesNothing, Bug::DerivesNothingOfCascades, Bug::SeesNoChildren],
    ),
    (
        "all_that_a_batch_does_to_children_is_followed",
        &[Bug::TakesTheClientsDerivedFields, Bug::TellsTheDocumentAsGiven, Bug::CommitsItemsOneByOne],
    ),
    ("a_parent_that_comes_with_its_child_follows_it", &[Bug::DerivesNothing, Bug::DerivesFromTheFirstDocument]),
    (
        "a_batch_under_tags_held_before_changes_a_child_and_deletes_the_parent_that_follows_it",
        &[Bug::CommitsItemsOneByOne, Bug::DerivesNothing],
    ),
    (
        "who_writes_the_parent_keeps_what_is_derived",
        &[Bug::TakesTheClientsDerivedFields, Bug::TellsTheDocumentAsGiven, Bug::RewritesEqualContent],
    ),
    ("units_that_write_a_child_and_its_parent_are_followed_exactly", &[Bug::DerivesNothing, Bug::ReadsNoDocuments]),
    ("a_refused_batch_derives_nothing", &[Bug::WritesWhatIsNotRefused]),
    ("a_conflict_names_what_was_derived", &[Bug::DerivesNothing]),
    (
        "the_children_of_16_writers_are_counted_exactly",
        &[Bug::DerivesNothing, Bug::DerivesFromTheFirstDocument, Bug::ComparesBeforeItWrites],
    ),
    (
        "children_are_followed_when_the_store_is_opened_again",
        &[Bug::DerivesNothing, Bug::DerivesFromTheFirstDocument, Bug::ForgetsTheLastCommitAtTheEnd],
    ),
];
