//! The cases by theme, and the list of them.

mod batches;
mod chains;
mod changes;
mod counters;
mod deletes;
mod derived;
mod endings;
mod expectations;
mod faults;
mod ledger;
mod locks;
mod moves;
mod pages;
mod placement;
mod races;
mod reads;
mod revisions;
mod touches;
mod unchanged;
mod units;

use crate::case::Case;

/// Hands the list of all cases to a macro, behind what the caller wants to give it.
#[doc(hidden)]
#[macro_export]
macro_rules! __every_case {
    ($callback:path, $($given:tt)*) => {
        $callback! {
            $($given)*
            reads:
                what_was_written_is_read_back
                what_is_absent_reads_as_nothing
                a_head_is_that_of_its_row
                the_state_that_a_commit_answers_is_the_one_that_is_read
                every_handle_reads_what_a_commit_has_answered
                ids_that_differ_in_any_byte_are_kept_apart
                one_id_in_two_collections_names_two_resources
                documents_are_kept_byte_for_byte
                tags_of_other_servers_are_kept_as_they_came
                a_read_is_of_one_state
            ;
            expectations:
                a_put_happens_only_where_its_expectation_is_met
                a_delete_happens_only_where_its_expectation_is_met
                a_check_holds_only_where_its_expectation_is_met
                a_tag_is_good_for_one_write
                a_weak_tag_of_the_state_itself_matches_weakly_only
            ;
            batches:
                all_items_are_done_and_answered_in_order
                a_refused_batch_writes_nothing
                every_culprit_is_reported_with_the_state_it_met
                a_conflict_tells_of_the_state_after_the_last_commit
                later_items_meet_what_earlier_ones_wrote
                an_item_builds_on_no_item_but_an_earlier_one
                an_item_that_builds_on_a_failed_one_is_not_to_blame
                a_tag_from_before_the_batch_is_stale_after_an_earlier_item_wrote
                a_resource_made_again_in_a_batch_is_another_one
                checks_write_nothing
                a_batch_of_nothing_does_nothing
                a_long_batch_means_what_its_items_mean
            ;
            unchanged:
                a_write_of_equal_content_keeps_tag_revision_and_time
                a_write_of_equal_content_touches_nobody
                a_write_of_equal_content_still_needs_the_current_tag
                a_rewrite_of_equal_content_can_be_asked_for
                equal_content_in_another_form_is_a_change
                an_unchanged_item_shows_the_touch_of_its_batch
            ;
            ledger:
                a_repeat_is_answered_with_what_was_done
                a_repeat_is_no_conflict_whatever_has_come_since
                another_request_under_a_used_key_is_refused
                each_principal_has_keys_of_its_own
                a_refused_commit_leaves_its_key_unused
                the_ledger_recalls_what_a_commit_did
                the_ledger_forgets_when_the_time_is_over
                of_16_repeats_at_once_one_is_done
            ;
            revisions:
                a_resource_made_again_never_has_a_former_tag
                a_tag_of_a_former_resource_is_stale_and_the_conflict_says_so
                a_revision_that_was_told_is_never_drawn_again
                states_of_16_writers_have_revisions_that_differ
                revisions_of_a_resource_grow
                states_of_one_instant_have_tags_that_differ
                a_clock_that_is_set_back_makes_no_state_older
                states_of_one_second_have_weak_dates
            ;
            counters:
                typed_writes_hold_what_their_names_say
                modify_changes_what_is_there
                no_increment_of_16_callers_of_modify_is_lost
                no_increment_of_16_writers_under_tags_is_lost
                two_that_write_the_same_under_one_tag_do_not_both_succeed
            ;
            races:
                of_many_creates_at_once_one_is_done
                of_many_writes_under_one_tag_one_is_done
                a_create_never_outlives_the_delete_of_its_parent
                a_move_never_ends_under_a_deleted_parent
                two_that_check_what_the_other_writes_are_not_both_done
                two_that_check_that_the_other_is_absent_are_not_both_done
                batches_in_opposite_orders_make_no_deadlock
                moves_in_opposite_directions_make_no_deadlock
                a_family_under_fire_loses_nothing
                a_dropped_commit_is_wholly_done_or_not_at_all
            ;
            units:
                units_in_opposite_orders_lose_nothing_and_make_no_deadlock
                of_units_under_the_same_tags_one_is_wholly_done
                a_unit_of_which_one_is_refused_writes_nothing
                members_build_on_rows_that_earlier_ones_make
            ;
            touches:
                content_links_touch_on_create_update_and_delete
                structure_links_touch_on_create_and_delete_only
                links_that_touch_nothing_leave_the_parent_alone
                a_touched_parent_keeps_its_document
                a_touch_makes_the_parents_editors_stale
                a_touch_climbs_every_content_link
                a_touch_does_not_climb_a_structure_link
                a_touch_climbs_twenty_levels
                every_parent_is_touched_by_its_own_link
                several_touches_of_one_parent_in_a_batch_are_one
                a_batch_under_tags_held_before_changes_child_and_parent
                a_batch_under_tags_held_before_changes_a_child_and_deletes_its_parent
                the_tag_of_a_digest_is_new_after_each_touch
                a_digest_that_is_written_and_touched_at_once_is_new
                a_touch_within_one_instant_gives_another_tag_and_a_weak_date
                a_parent_with_a_tag_of_another_server_can_not_be_touched
            ;
            chains:
                each_touch_begins_where_the_one_before_it_ended
                touches_by_32_writers_at_once_are_steps_of_one_way
                every_level_has_its_own_way
                who_missed_an_edit_does_not_advance
                a_holder_never_advances_over_an_edit_it_did_not_see
            ;
            locks:
                an_own_lock_lets_the_parents_editors_write
                an_own_lock_does_not_let_deletes_and_checks_pass
                an_own_lock_keeps_editors_apart_from_each_other
                every_touch_through_an_own_lock_gives_another_tag
                the_strict_lock_wins_where_both_touch
                each_level_has_the_lock_of_its_own_link
                a_touch_and_an_edit_are_both_there
            ;
            moves:
                a_move_touches_both_parents
                a_move_through_links_that_touch_nothing_touches_nobody
                a_child_that_leaves_or_joins_touches_that_parent
                after_a_move_the_new_ancestors_are_touched
                a_batch_that_moves_and_writes_below_touches_old_and_new
                a_move_there_and_back_in_a_batch_is_no_move
                a_move_by_one_link_leaves_the_others
            ;
            deletes:
                restrict_keeps_a_parent_with_children_and_names_them
                restrict_holds_through_links_that_touch_nothing
                ten_children_are_named_at_most
                a_moved_child_no_longer_keeps_its_former_parent
                a_batch_deletes_children_before_their_parent
                a_child_that_the_batch_made_keeps_its_parent
                cascade_takes_all_below_along
                restrict_below_a_cascade_keeps_everything
                a_cascade_touches_the_other_parents_of_what_goes
                detach_leaves_the_children_without_the_parent
                a_child_that_the_batch_wrote_is_detached_and_answered_as_it_stands
                a_parent_made_again_has_none_of_the_former_children
                the_strictest_of_two_links_to_one_parent_decides
                a_cascade_over_the_limit_is_too_large_and_deletes_nothing
            ;
            placement:
                a_child_of_a_missing_parent_is_refused
                a_stale_write_under_a_missing_parent_is_stale
                parent_and_child_come_in_one_batch_in_this_order
                a_child_of_what_the_batch_deletes_is_refused
                a_resource_is_never_its_own_ancestor
                a_batch_makes_no_cycle_either
                two_moves_at_once_make_no_cycle
                levels_below_each_other_are_bounded
                a_parent_has_one_child_under_its_own_id
            ;
            derived:
                a_parent_follows_its_children
                what_is_derived_stands_under_the_tag_of_the_touch
                what_is_derived_is_followed_in_turn
                a_child_touches_by_what_is_derived_alone_where_its_link_says_so
                what_is_derived_touches_those_whom_another_touch_spared
                what_is_derived_is_remembered_for_as_long_as_its_parents_writer_said
                a_move_is_followed_by_both_parents
                what_a_cascade_takes_from_a_parent_that_stays_is_followed
                all_that_a_batch_does_to_children_is_followed
                a_parent_that_comes_with_its_child_follows_it
                a_batch_under_tags_held_before_changes_a_child_and_deletes_the_parent_that_follows_it
                who_writes_the_parent_keeps_what_is_derived
                a_refused_batch_derives_nothing
                a_conflict_names_what_was_derived
                the_children_of_16_writers_are_counted_exactly
                units_that_write_a_child_and_its_parent_are_followed_exactly
                children_are_followed_when_the_store_is_opened_again
            ;
            pages:
                pages_hold_each_resource_once_in_the_order_of_creation
                an_empty_collection_is_an_empty_page
                a_page_has_the_rows_that_reads_have
                a_cursor_holds_while_others_write
                what_is_made_again_stands_at_the_end
                a_walk_under_concurrent_writes_misses_nothing
                a_page_of_children_has_those_of_one_parent
                a_child_that_moves_is_listed_under_its_new_parent
                the_tags_of_a_page_are_those_of_its_rows
            ;
            changes:
                a_conflict_names_the_fields_that_changed
                changes_that_are_forgotten_are_not_made_up
                touches_change_no_field
                a_version_that_never_was_is_told_from_one_that_was
                a_resource_made_again_has_a_log_of_its_own
                a_check_that_fails_names_the_fields_that_changed
                changes_are_told_to_the_depth_that_is_asked_for
            ;
            faults:
                modify_goes_on_from_what_overtook_it
                modify_tells_of_an_outcome_it_does_not_know_and_sends_nothing_again
                modify_writes_nothing_where_the_store_is_not_available
                a_repeat_after_a_lost_answer_is_told_what_was_done
                a_repeat_after_a_refusal_is_done_for_the_first_time
                a_repeat_without_a_key_is_stale_and_shows_ones_own_write
                a_commit_decides_on_the_state_at_its_own_time
            ;
            endings:
                a_closed_store_refuses_commits
                closing_answers_what_was_begun
                what_was_answered_is_there_when_the_store_is_opened_again
                no_tag_comes_again_after_the_store_is_opened_again
                two_stores_over_the_same_data_lose_no_increment
                two_stores_over_the_same_data_see_each_others_writes
            ;
        }
    };
}

macro_rules! list {
    ($($theme:ident: $($case:ident)*;)*) => {
        pub(crate) const ALL: &[Case] = &[
            $($(Case::new(stringify!($theme), stringify!($case), |backend| Box::pin($theme::$case(backend))),)*)*
        ];
    };
}

__every_case! { list, }
