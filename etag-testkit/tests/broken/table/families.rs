//! The cases about parents and children.

use crate::{bug::Bug, table::Row};

pub(super) const ROWS: &[Row] = &[
    // Touches.
    (
        "content_links_touch_on_create_update_and_delete",
        &[Bug::TellsNoTouches, Bug::ForgetsTouches, Bug::TouchesByStructureOnly],
    ),
    (
        "structure_links_touch_on_create_and_delete_only",
        &[Bug::TellsTheOldestTagBefore, Bug::TouchesByContentAlways, Bug::TouchesTheNewParentOnly],
    ),
    ("links_that_touch_nothing_leave_the_parent_alone", &[Bug::TouchesThroughEveryLink]),
    (
        "a_touched_parent_keeps_its_document",
        &[Bug::TellsTheOldestTagBefore, Bug::TouchesByStructureOnly, Bug::LosesTheDocumentInATouch],
    ),
    (
        "a_touch_makes_the_parents_editors_stale",
        &[Bug::TakesUneditedForExists, Bug::TellsTheCallersOwnState, Bug::LocksTheFamilyNever],
    ),
    (
        "a_touch_climbs_every_content_link",
        &[Bug::TellsTheOldestTagBefore, Bug::TouchesTheNewParentOnly, Bug::ClimbsOneLevel],
    ),
    (
        "a_touch_does_not_climb_a_structure_link",
        &[Bug::TouchesByContentAlways, Bug::TouchesTheFormerParentOnly, Bug::ClimbsEveryLink],
    ),
    ("a_touch_climbs_twenty_levels", &[Bug::TellsTheOldestTagBefore, Bug::TouchesByStructureOnly, Bug::ClimbsOneLevel]),
    (
        "every_parent_is_touched_by_its_own_link",
        &[Bug::TouchesByContentAlways, Bug::TouchesThroughEveryLink, Bug::TouchesTheFormerParentOnly],
    ),
    (
        "several_touches_of_one_parent_in_a_batch_are_one",
        &[Bug::TellsNoHeadOfItsOwnParents, Bug::CommitsItemsOneByOne, Bug::TellsTheTagBeforeTheTouches],
    ),
    (
        "a_batch_under_tags_held_before_changes_child_and_parent",
        &[Bug::SortsItems, Bug::CommitsItemsOneByOne, Bug::TellsTheTagBeforeTheTouches],
    ),
    (
        "a_batch_under_tags_held_before_changes_a_child_and_deletes_its_parent",
        &[Bug::SortsItems, Bug::CommitsItemsOneByOne, Bug::DetachesInsteadOfCascading],
    ),
    (
        "the_tag_of_a_digest_is_new_after_each_touch",
        &[Bug::TellsTheOldestTagBefore, Bug::KeepsDigestsInATouch, Bug::CountsTouchesOfDigestsToTwo],
    ),
    (
        "a_digest_that_is_written_and_touched_at_once_is_new",
        &[Bug::TouchesByStructureOnly, Bug::KeepsDigestsInATouch, Bug::CountsTouchesOfDigestsToTwo],
    ),
    ("a_touch_within_one_instant_gives_another_tag_and_a_weak_date", &[Bug::CallsEveryDateStrong, Bug::ForgetsTouches]),
    ("a_parent_with_a_tag_of_another_server_can_not_be_touched", &[Bug::ForgetsTouches, Bug::TouchesThroughEveryLink]),
    // Chains.
    ("each_touch_begins_where_the_one_before_it_ended", &[Bug::TellsTheOldestTagBefore]),
    (
        "touches_by_32_writers_at_once_are_steps_of_one_way",
        &[Bug::TellsTheOldestTagBefore, Bug::TellsTheLatestTagAfter, Bug::ComparesBeforeItWrites],
    ),
    ("every_level_has_its_own_way", &[Bug::TellsTheLatestTagAfter, Bug::ComparesBeforeItWrites]),
    ("who_missed_an_edit_does_not_advance", &[Bug::TellsTheOldestTagBefore]),
    (
        "a_holder_never_advances_over_an_edit_it_did_not_see",
        &[Bug::TellsTheOldestTagBefore, Bug::TellsTheLatestTagAfter],
    ),
    // Locks.
    ("an_own_lock_lets_the_parents_editors_write", &[Bug::LocksTheFamilyAlways]),
    (
        "an_own_lock_does_not_let_deletes_and_checks_pass",
        &[Bug::IgnoresExpectationsOfDeletes, Bug::IgnoresExpectationsOfChecks, Bug::ComparesOwnPartsInDeletes],
    ),
    (
        "an_own_lock_keeps_editors_apart_from_each_other",
        &[Bug::IgnoresExpectationsOfPuts, Bug::TakesUneditedForExists, Bug::TellsNoStateInConflicts],
    ),
    (
        "every_touch_through_an_own_lock_gives_another_tag",
        &[Bug::TouchesByStructureOnly, Bug::KeepsDigestsInATouch, Bug::CountsTouchesOfDigestsToTwo],
    ),
    (
        "the_strict_lock_wins_where_both_touch",
        &[Bug::TouchesByStructureOnly, Bug::LocksTheFamilyNever, Bug::PlacesWithoutALook],
    ),
    (
        "each_level_has_the_lock_of_its_own_link",
        &[Bug::TouchesTheFormerParentOnly, Bug::LocksTheFamilyAlways, Bug::LocksTheFamilyNever],
    ),
    (
        "a_touch_and_an_edit_are_both_there",
        &[Bug::TouchesByStructureOnly, Bug::LosesTheDocumentInATouch, Bug::LocksTheFamilyAlways],
    ),
    // Moves.
    (
        "a_move_touches_both_parents",
        &[Bug::SortsItems, Bug::TouchesTheNewParentOnly, Bug::TouchesWhereTheChildStoodFirst],
    ),
    ("a_move_through_links_that_touch_nothing_touches_nobody", &[Bug::TouchesThroughEveryLink]),
    (
        "a_child_that_leaves_or_joins_touches_that_parent",
        &[Bug::TouchesTheNewParentOnly, Bug::TouchesTheFormerParentOnly, Bug::TouchesWhereTheChildStoodFirst],
    ),
    (
        "after_a_move_the_new_ancestors_are_touched",
        &[Bug::TouchesByStructureOnly, Bug::TouchesWhereTheChildStoodFirst, Bug::ClimbsOneLevel],
    ),
    (
        "a_batch_that_moves_and_writes_below_touches_old_and_new",
        &[Bug::TellsNoHeadOfItsOwnParents, Bug::TellsTheTagBeforeTheTouches, Bug::TouchesTheNewParentOnly],
    ),
    (
        "a_move_there_and_back_in_a_batch_is_no_move",
        &[Bug::CommitsItemsOneByOne, Bug::TouchesByContentAlways, Bug::PlacesWithoutALook],
    ),
    (
        "a_move_by_one_link_leaves_the_others",
        &[Bug::TellsNoHeadOfItsOwnParents, Bug::TouchesByContentAlways, Bug::TouchesTheNewParentOnly],
    ),
    // Deletes.
    (
        "restrict_keeps_a_parent_with_children_and_names_them",
        &[Bug::CascadesInsteadOfRestricting, Bug::SeesNoChildren, Bug::NamesNoChild],
    ),
    (
        "restrict_holds_through_links_that_touch_nothing",
        &[Bug::CascadesInsteadOfRestricting, Bug::SeesTouchingChildrenOnly, Bug::NamesNoChild],
    ),
    ("ten_children_are_named_at_most", &[Bug::SeesFiveChildren, Bug::NamesEveryChild, Bug::NamesNoChild]),
    (
        "a_moved_child_no_longer_keeps_its_former_parent",
        &[Bug::CascadesInsteadOfRestricting, Bug::SeesFirstChildrenOnly, Bug::NamesNoChild],
    ),
    (
        "a_batch_deletes_children_before_their_parent",
        &[Bug::WritesWhatIsNotRefused, Bug::CascadesInsteadOfRestricting, Bug::NamesNoChild],
    ),
    (
        "a_child_that_the_batch_made_keeps_its_parent",
        &[Bug::CascadesInsteadOfRestricting, Bug::NamesEveryChild, Bug::NamesNoChild],
    ),
    ("cascade_takes_all_below_along", &[Bug::DetachesInsteadOfCascading, Bug::SeesNoChildren]),
    (
        "restrict_below_a_cascade_keeps_everything",
        &[Bug::DetachesInsteadOfCascading, Bug::NamesEveryChild, Bug::NamesNoChild],
    ),
    (
        "a_cascade_touches_the_other_parents_of_what_goes",
        &[Bug::TouchesWhereTheChildStoodFirst, Bug::ClimbsOneLevel, Bug::DetachesInsteadOfCascading],
    ),
    (
        "detach_leaves_the_children_without_the_parent",
        &[Bug::CascadesInsteadOfDetaching, Bug::KeepsTheLinksOfTheDetached, Bug::ListsWhereChildrenStoodFirst],
    ),
    (
        "a_child_that_the_batch_wrote_is_detached_and_answered_as_it_stands",
        &[Bug::TellsTheTagBeforeTheTouches, Bug::FollowsAClockBack, Bug::CascadesInsteadOfDetaching],
    ),
    (
        "a_parent_made_again_has_none_of_the_former_children",
        &[Bug::TouchesWhereTheChildStoodFirst, Bug::CascadesInsteadOfDetaching, Bug::KeepsTheLinksOfTheDetached],
    ),
    (
        "the_strictest_of_two_links_to_one_parent_decides",
        &[Bug::DetachesInsteadOfCascading, Bug::NamesNoChild, Bug::DeletesByTheFirstLink],
    ),
    (
        "a_cascade_over_the_limit_is_too_large_and_deletes_nothing",
        &[Bug::CommitsItemsOneByOne, Bug::WritesAtMostNinetyItems, Bug::SeesFiveChildren],
    ),
    // Placement.
    ("a_child_of_a_missing_parent_is_refused", &[Bug::PlacesWithoutALook]),
    ("a_stale_write_under_a_missing_parent_is_stale", &[Bug::IgnoresExpectationsOfPuts, Bug::LooksForParentsFirst]),
    (
        "parent_and_child_come_in_one_batch_in_this_order",
        &[Bug::TellsNoHeadOfItsOwnParents, Bug::WritesWhatIsNotRefused, Bug::CommitsItemsOneByOne],
    ),
    ("a_child_of_what_the_batch_deletes_is_refused", &[Bug::WritesWhatIsNotRefused, Bug::PlacesWithoutALook]),
    ("a_resource_is_never_its_own_ancestor", &[Bug::PlacesWithoutALook]),
    ("a_batch_makes_no_cycle_either", &[Bug::WritesWhatIsNotRefused, Bug::PlacesWithoutALook]),
    (
        "two_moves_at_once_make_no_cycle",
        &[Bug::ComparesBeforeItWrites, Bug::LocksInTheCallersOrder, Bug::PlacesWithoutALook],
    ),
    (
        "levels_below_each_other_are_bounded",
        &[Bug::TellsNoTouches, Bug::TellsTouchesTwice, Bug::TouchesByStructureOnly, Bug::ClimbsOneLevel],
    ),
    (
        "a_parent_has_one_child_under_its_own_id",
        &[Bug::TouchesWhereTheChildStoodFirst, Bug::ClimbsOneLevel, Bug::DetachesInsteadOfCascading],
    ),
];
