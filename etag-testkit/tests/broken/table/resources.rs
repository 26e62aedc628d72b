//! The cases about resources by themselves, batches, lists and the life of a store.

use crate::{bug::Bug, table::Row};

pub(super) const ROWS: &[Row] = &[
    // Reads.
    (
        "what_was_written_is_read_back",
        &[Bug::ServesTheStateBeforeTheLastCommit, Bug::KeepsSecondsOnly, Bug::AnswersWithoutWriting],
    ),
    ("what_is_absent_reads_as_nothing", &[Bug::KeepsDeletedReadable]),
    ("a_head_is_that_of_its_row", &[Bug::TellsNoHeadOfItsOwnParents]),
    (
        "the_state_that_a_commit_answers_is_the_one_that_is_read",
        &[Bug::ServesTheStateBeforeTheLastCommit, Bug::KeepsSecondsOnly, Bug::AnswersWithoutWriting],
    ),
    ("every_handle_reads_what_a_commit_has_answered", &[Bug::KeepsDeletedReadable]),
    ("ids_that_differ_in_any_byte_are_kept_apart", &[Bug::FoldsIds, Bug::RewritesDocuments]),
    ("one_id_in_two_collections_names_two_resources", &[Bug::IgnoresCollections, Bug::AnswersWithoutWriting]),
    ("documents_are_kept_byte_for_byte", &[Bug::RewritesDocuments]),
    ("tags_of_other_servers_are_kept_as_they_came", &[Bug::TakesTagsForText]),
    ("a_read_is_of_one_state", &[Bug::ReadsHeadAndBodyApart]),
    // Expectations.
    (
        "a_put_happens_only_where_its_expectation_is_met",
        &[
            Bug::IgnoresExpectationsOfPuts,
            Bug::CreatesWhatMustExist,
            Bug::ComparesWeakly,
            Bug::ComparesStrongly,
            Bug::ReadsTheFirstTagOnly,
            Bug::IgnoresEpochs,
        ],
    ),
    (
        "a_delete_happens_only_where_its_expectation_is_met",
        &[
            Bug::IgnoresExpectationsOfDeletes,
            Bug::ComparesWeakly,
            Bug::ComparesStrongly,
            Bug::ReadsTheFirstTagOnly,
            Bug::IgnoresEpochs,
        ],
    ),
    (
        "a_check_holds_only_where_its_expectation_is_met",
        &[
            Bug::IgnoresExpectationsOfChecks,
            Bug::ComparesWeakly,
            Bug::ComparesStrongly,
            Bug::ReadsTheFirstTagOnly,
            Bug::IgnoresEpochs,
        ],
    ),
    ("a_tag_is_good_for_one_write", &[Bug::IgnoresExpectationsOfPuts, Bug::IgnoresExpectationsOfDeletes]),
    (
        "a_weak_tag_of_the_state_itself_matches_weakly_only",
        &[Bug::IgnoresExpectationsOfPuts, Bug::ComparesWeakly, Bug::ComparesStrongly],
    ),
    // Batches.
    (
        "all_items_are_done_and_answered_in_order",
        &[Bug::KeepsDeletedReadable, Bug::SortsItems, Bug::TellsTheTagBeforeTheTouches],
    ),
    ("a_refused_batch_writes_nothing", &[Bug::IgnoresExpectationsOfPuts, Bug::WritesWhatIsNotRefused]),
    (
        "every_culprit_is_reported_with_the_state_it_met",
        &[Bug::IgnoresExpectationsOfChecks, Bug::ReportsTheFirstCulpritOnly, Bug::TellsNoFormerResource],
    ),
    (
        "a_conflict_tells_of_the_state_after_the_last_commit",
        &[Bug::IgnoresExpectationsOfPuts, Bug::TellsTheCallersOwnState, Bug::ComparesBeforeItWrites],
    ),
    ("later_items_meet_what_earlier_ones_wrote", &[Bug::TakesLeftByForExists]),
    (
        "an_item_builds_on_no_item_but_an_earlier_one",
        &[Bug::TakesLeftByForExists, Bug::ReportsTheFirstCulpritOnly, Bug::ReportsWhoFollowsAFailure],
    ),
    (
        "an_item_that_builds_on_a_failed_one_is_not_to_blame",
        &[Bug::CreatesWhatMustExist, Bug::TakesLeftByForExists, Bug::ReportsWhoFollowsAFailure],
    ),
    (
        "a_tag_from_before_the_batch_is_stale_after_an_earlier_item_wrote",
        &[Bug::IgnoresExpectationsOfPuts, Bug::WritesWhatIsNotRefused, Bug::ComparesWithTheStateBeforeTheBatch],
    ),
    (
        "a_resource_made_again_in_a_batch_is_another_one",
        &[Bug::TakesEqualContentForOnesOwn, Bug::KeepsALifeOverDeleteAndCreate, Bug::TellsTheTagBeforeTheTouches],
    ),
    ("checks_write_nothing", &[Bug::SortsItems]),
    ("a_batch_of_nothing_does_nothing", &[Bug::RefusesEmptyBatches]),
    (
        "a_long_batch_means_what_its_items_mean",
        &[Bug::WritesWhatIsNotRefused, Bug::WritesAtMostNinetyItems, Bug::FollowsAClockBack],
    ),
    // Unchanged.
    (
        "a_write_of_equal_content_keeps_tag_revision_and_time",
        &[Bug::TellsReplacedWhereNothingChanged, Bug::RewritesEqualContent],
    ),
    ("a_write_of_equal_content_touches_nobody", &[Bug::RewritesEqualContent, Bug::PlacesWithoutALook]),
    (
        "a_write_of_equal_content_still_needs_the_current_tag",
        &[Bug::TakesEqualContentForOnesOwn, Bug::TellsReplacedWhereNothingChanged, Bug::RewritesEqualContent],
    ),
    ("a_rewrite_of_equal_content_can_be_asked_for", &[Bug::RefusesToRewrite]),
    (
        "equal_content_in_another_form_is_a_change",
        &[Bug::KeepsTheFirstSchema, Bug::LocksTheFamilyNever, Bug::DetachesInsteadOfCascading],
    ),
    (
        "an_unchanged_item_shows_the_touch_of_its_batch",
        &[Bug::TellsTheTagBeforeTheTouches, Bug::TellsReplacedWhereNothingChanged, Bug::RewritesEqualContent],
    ),
    // Ledger.
    (
        "a_repeat_is_answered_with_what_was_done",
        &[Bug::TellsEveryCommitRepeated, Bug::LooksAtTheLedgerLast, Bug::RecordsNoTouches],
    ),
    (
        "a_repeat_is_no_conflict_whatever_has_come_since",
        &[Bug::KeepsDeletedReadable, Bug::KeepsNoLedger, Bug::LooksAtTheLedgerLast],
    ),
    (
        "another_request_under_a_used_key_is_refused",
        &[Bug::WritesWhatIsNotRefused, Bug::KeepsNoLedger, Bug::IgnoresFingerprints],
    ),
    ("each_principal_has_keys_of_its_own", &[Bug::TellsEveryCommitRepeated, Bug::SharesKeysBetweenPrincipals]),
    (
        "a_refused_commit_leaves_its_key_unused",
        &[Bug::CreatesWhatMustExist, Bug::TellsEveryCommitRepeated, Bug::RecordsRefusals],
    ),
    (
        "the_ledger_recalls_what_a_commit_did",
        &[Bug::IgnoresFingerprints, Bug::SharesKeysBetweenPrincipals, Bug::RecallsNothing],
    ),
    (
        "the_ledger_forgets_when_the_time_is_over",
        &[Bug::TellsEveryCommitRepeated, Bug::KeepsTheLedgerForEver, Bug::HasAClockOfItsOwn],
    ),
    (
        "of_16_repeats_at_once_one_is_done",
        &[Bug::TellsEveryCommitRepeated, Bug::KeepsNoLedger, Bug::LooksAtTheLedgerLast],
    ),
    // Revisions.
    ("a_resource_made_again_never_has_a_former_tag", &[Bug::DrawsAgainAfterADelete]),
    (
        "a_tag_of_a_former_resource_is_stale_and_the_conflict_says_so",
        &[Bug::IgnoresExpectationsOfDeletes, Bug::TellsNoFormerResource, Bug::DrawsAgainAfterADelete],
    ),
    (
        "a_revision_that_was_told_is_never_drawn_again",
        &[Bug::CreatesWhatMustExist, Bug::WritesWhatIsNotRefused, Bug::DrawsAgainAfterARefusal],
    ),
    (
        "states_of_16_writers_have_revisions_that_differ",
        &[Bug::DrawsInTwoPlaces, Bug::StopsHalfway, Bug::AnswersWithoutWriting],
    ),
    ("revisions_of_a_resource_grow", &[Bug::CountsDown, Bug::TouchesByStructureOnly, Bug::TouchesTheFormerParentOnly]),
    ("states_of_one_instant_have_tags_that_differ", &[Bug::FollowsAClockBack]),
    ("a_clock_that_is_set_back_makes_no_state_older", &[Bug::FollowsAClockBack, Bug::CallsEveryDateStrong]),
    ("states_of_one_second_have_weak_dates", &[Bug::CallsEveryDateStrong]),
    // Counters.
    (
        "typed_writes_hold_what_their_names_say",
        &[Bug::KeepsDeletedReadable, Bug::IgnoresExpectationsOfDeletes, Bug::CreatesWhatMustExist],
    ),
    ("modify_changes_what_is_there", &[Bug::ClosesOneHandle]),
    ("no_increment_of_16_callers_of_modify_is_lost", &[Bug::ClosesOneHandle]),
    (
        "no_increment_of_16_writers_under_tags_is_lost",
        &[Bug::IgnoresExpectationsOfPuts, Bug::TakesEqualContentForOnesOwn, Bug::ComparesBeforeItWrites],
    ),
    (
        "two_that_write_the_same_under_one_tag_do_not_both_succeed",
        &[Bug::IgnoresExpectationsOfPuts, Bug::TakesEqualContentForOnesOwn, Bug::ComparesBeforeItWrites],
    ),
    // Races.
    ("of_many_creates_at_once_one_is_done", &[Bug::IgnoresExpectationsOfPuts, Bug::ComparesBeforeItWrites]),
    ("of_many_writes_under_one_tag_one_is_done", &[Bug::IgnoresExpectationsOfPuts, Bug::ComparesBeforeItWrites]),
    (
        "a_create_never_outlives_the_delete_of_its_parent",
        &[Bug::ComparesBeforeItWrites, Bug::ValidatesWhatItWritesOnly, Bug::SeesTouchingChildrenOnly],
    ),
    (
        "a_move_never_ends_under_a_deleted_parent",
        &[Bug::ComparesBeforeItWrites, Bug::ValidatesWhatItWritesOnly, Bug::SeesFirstChildrenOnly],
    ),
    (
        "two_that_check_what_the_other_writes_are_not_both_done",
        &[Bug::IgnoresExpectationsOfChecks, Bug::ValidatesWhatItWritesOnly, Bug::LocksInTheCallersOrder],
    ),
    (
        "two_that_check_that_the_other_is_absent_are_not_both_done",
        &[Bug::IgnoresExpectationsOfChecks, Bug::ValidatesWhatItWritesOnly, Bug::LocksInTheCallersOrder],
    ),
    ("batches_in_opposite_orders_make_no_deadlock", &[Bug::LocksInTheCallersOrder]),
    ("moves_in_opposite_directions_make_no_deadlock", &[Bug::LocksInTheCallersOrder, Bug::ListsChildrenOfAll]),
    (
        "a_family_under_fire_loses_nothing",
        &[Bug::TouchesByStructureOnly, Bug::TouchesTheFormerParentOnly, Bug::ListsEveryCollection],
    ),
    ("a_dropped_commit_is_wholly_done_or_not_at_all", &[Bug::ListsEveryCollection]),
    // Pages.
    (
        "pages_hold_each_resource_once_in_the_order_of_creation",
        &[Bug::ListsById, Bug::ListsByLastChange, Bug::EndsWithACursor],
    ),
    ("an_empty_collection_is_an_empty_page", &[Bug::ListsEveryCollection]),
    ("a_page_has_the_rows_that_reads_have", &[Bug::ListsEveryCollection, Bug::ListsWithoutParents]),
    ("a_cursor_holds_while_others_write", &[Bug::ListsById, Bug::ListsByOffset, Bug::EndsWithACursor]),
    ("what_is_made_again_stands_at_the_end", &[Bug::DrawsAgainAfterADelete, Bug::CountsDown, Bug::ListsById]),
    ("a_walk_under_concurrent_writes_misses_nothing", &[Bug::CountsDown, Bug::ListsById, Bug::ListsByLastChange]),
    (
        "a_page_of_children_has_those_of_one_parent",
        &[Bug::ListsChildrenOfAll, Bug::ListsEveryCollection, Bug::EndsWithACursor],
    ),
    (
        "a_child_that_moves_is_listed_under_its_new_parent",
        &[Bug::ListsByLastChange, Bug::ListsChildrenOfAll, Bug::ListsWhereChildrenStoodFirst],
    ),
    ("the_tags_of_a_page_are_those_of_its_rows", &[Bug::ListsTagsOfTheFirstState]),
    // Changes.
    ("a_conflict_names_the_fields_that_changed", &[Bug::IgnoresExpectationsOfPuts, Bug::KeepsNoChanges]),
    ("changes_that_are_forgotten_are_not_made_up", &[Bug::KeepsNoChanges, Bug::ForgetsNoChange]),
    ("touches_change_no_field", &[Bug::KeepsNoChanges, Bug::LogsNoTouches, Bug::LocksTheFamilyNever]),
    (
        "a_version_that_never_was_is_told_from_one_that_was",
        &[Bug::KeepsNoChanges, Bug::LogsNoTouches, Bug::MakesUpVersions],
    ),
    (
        "a_resource_made_again_has_a_log_of_its_own",
        &[Bug::KeepsNoChanges, Bug::KeepsTheChangesOfTheGone, Bug::DrawsAgainAfterADelete],
    ),
    ("a_check_that_fails_names_the_fields_that_changed", &[Bug::KeepsNoChanges, Bug::IgnoresExpectationsOfChecks]),
    ("changes_are_told_to_the_depth_that_is_asked_for", &[Bug::KeepsNoChanges, Bug::KeepsChangesOfMembersOnly]),
    // Faults.
    ("modify_goes_on_from_what_overtook_it", &[Bug::IgnoresExpectationsOfPuts, Bug::TakesUneditedForExists]),
    (
        "modify_tells_of_an_outcome_it_does_not_know_and_sends_nothing_again",
        &[Bug::ServesTheStateBeforeTheLastCommit, Bug::AnswersWithoutWriting],
    ),
    (
        "modify_writes_nothing_where_the_store_is_not_available",
        &[Bug::ServesTheStateBeforeTheLastCommit, Bug::AnswersWithoutWriting],
    ),
    ("a_repeat_after_a_lost_answer_is_told_what_was_done", &[Bug::KeepsNoLedger, Bug::LooksAtTheLedgerLast]),
    ("a_repeat_after_a_refusal_is_done_for_the_first_time", &[Bug::TellsEveryCommitRepeated]),
    (
        "a_repeat_without_a_key_is_stale_and_shows_ones_own_write",
        &[Bug::IgnoresExpectationsOfPuts, Bug::TakesEqualContentForOnesOwn],
    ),
    ("a_commit_decides_on_the_state_at_its_own_time", &[Bug::IgnoresExpectationsOfPuts, Bug::TellsTheCallersOwnState]),
    // Units of work.
    (
        "units_in_opposite_orders_lose_nothing_and_make_no_deadlock",
        &[Bug::IgnoresExpectationsOfPuts, Bug::AnswersWithoutWriting],
    ),
    ("of_units_under_the_same_tags_one_is_wholly_done", &[Bug::IgnoresExpectationsOfPuts]),
    ("a_unit_of_which_one_is_refused_writes_nothing", &[Bug::WritesWhatIsNotRefused]),
    ("members_build_on_rows_that_earlier_ones_make", &[Bug::AnswersWithoutWriting]),
    // Endings.
    ("a_closed_store_refuses_commits", &[Bug::StaysOpen, Bug::ClosesOneHandle]),
    ("closing_answers_what_was_begun", &[Bug::DropsWhatIsUnderWay, Bug::ForgetsTheLastCommitAtTheEnd]),
    (
        "what_was_answered_is_there_when_the_store_is_opened_again",
        &[Bug::RecordsNoTouches, Bug::ForgetsTheLastCommitAtTheEnd, Bug::ForgetsTheLedgerAtTheEnd],
    ),
    (
        "no_tag_comes_again_after_the_store_is_opened_again",
        &[Bug::DrawsAgainAfterARefusal, Bug::DrawsAgainAfterOpening, Bug::ForgetsTheLastCommitAtTheEnd],
    ),
    ("two_stores_over_the_same_data_lose_no_increment", &[Bug::DecidesOnWhatItReadBefore, Bug::ComparesBeforeItWrites]),
    ("two_stores_over_the_same_data_see_each_others_writes", &[Bug::ReadsWhatItReadBefore]),
];
