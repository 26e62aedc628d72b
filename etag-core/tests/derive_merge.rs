//! Three-way merge, field by field, by the rule of each (rule B3).

use std::collections::BTreeSet;

use etag_core::{MemoryStore, MergeRule, StoreExt as _, Versioned};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: u64,
    rejected: u32,
    #[versioned(merge = reject)]
    #[serde(rename = "alsoRejected")]
    also_rejected: String,
    #[versioned(merge = ours)]
    ours: u32,
    #[versioned(merge = theirs)]
    theirs: u32,
    #[versioned(merge = max)]
    greatest: f64,
    #[versioned(merge = union)]
    tags: BTreeSet<String>,
    #[versioned(merge = added_up)]
    count: u32,
    #[serde(skip)]
    cache: u32,
    #[versioned(modified)]
    modified: String,
}

/// Adds up what both edits added; edits that took something away are a conflict.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature of merge functions")]
fn added_up(base: &u32, mine: u32, theirs: &u32) -> Option<u32> {
    Some(base + mine.checked_sub(*base)? + theirs.checked_sub(*base)?)
}

fn base() -> Task {
    Task {
        id: 1,
        rejected: 10,
        also_rejected: "base".into(),
        ours: 10,
        theirs: 10,
        greatest: 10.0,
        tags: tags("abc"),
        count: 10,
        cache: 0,
        modified: "first".into(),
    }
}

fn tags(letters: &str) -> BTreeSet<String> {
    letters.chars().map(String::from).collect()
}

#[test]
fn edits_of_different_fields_merge_by_themselves() {
    let mine = Task { rejected: 1, ours: 1, ..base() };
    let theirs = Task { also_rejected: "theirs".into(), theirs: 2, ..base() };
    let merged = Task::merge(&base(), mine, &theirs).unwrap();
    assert_eq!(merged, Task { rejected: 1, ours: 1, also_rejected: "theirs".into(), theirs: 2, ..base() });
}

#[test]
fn the_same_edit_on_both_sides_stands() {
    let edited = Task { rejected: 1, also_rejected: "same".into(), ..base() };
    assert_eq!(Task::merge(&base(), edited.clone(), &edited).unwrap(), edited);
}

#[test]
fn different_edits_of_one_field_are_a_conflict_that_names_each() {
    let mine = Task { rejected: 1, also_rejected: "mine".into(), ours: 1, ..base() };
    let theirs = Task { rejected: 2, also_rejected: "theirs".into(), ours: 2, ..base() };
    let conflict = Task::merge(&base(), mine, &theirs).unwrap_err();
    assert_eq!(conflict.fields(), ["rejected", "alsoRejected"]);
}

#[test]
fn contested_fields_merge_by_their_rules() {
    let mine = Task { ours: 1, theirs: 1, greatest: 30.0, tags: tags("bcx"), count: 12, ..base() };
    let theirs = Task { ours: 2, theirs: 2, greatest: 20.0, tags: tags("aby"), count: 15, ..base() };
    let merged = Task::merge(&base(), mine.clone(), &theirs).unwrap();
    assert_eq!(merged, Task { ours: 1, theirs: 2, greatest: 30.0, tags: tags("bxy"), count: 17, ..base() });
    let merged = Task::merge(&base(), theirs, &mine).unwrap();
    assert_eq!(merged, Task { ours: 2, theirs: 1, greatest: 30.0, tags: tags("bxy"), count: 17, ..base() });
}

#[test]
fn a_rule_decides_only_where_both_edited() {
    let mine = Task { theirs: 1, greatest: 1.0, ..base() };
    let theirs = Task { ours: 2, ..base() };
    let merged = Task::merge(&base(), mine, &theirs).unwrap();
    assert_eq!(merged, Task { theirs: 1, greatest: 1.0, ours: 2, ..base() });
}

#[test]
fn a_function_that_can_not_decide_makes_a_conflict() {
    let (mine, theirs) = (Task { count: 5, ..base() }, Task { count: 15, ..base() });
    assert_eq!(Task::merge(&base(), mine, &theirs).unwrap_err().fields(), ["count"]);
}

#[test]
fn stamps_are_those_of_the_state_that_is_merged_with() {
    let theirs = Task { modified: "second".into(), rejected: 2, ..base() };
    let mine = Task { modified: "mine".into(), cache: 7, ..base() };
    assert_eq!(Task::merge(&base(), mine, &theirs).unwrap(), Task { cache: 7, ..theirs });
}

#[test]
fn rules_are_described() {
    let rule = |name| Task::MODEL.field(name).unwrap().merge;
    assert_eq!(rule("rejected"), MergeRule::Reject);
    assert_eq!(rule("ours"), MergeRule::Ours);
    assert_eq!(rule("theirs"), MergeRule::Theirs);
    assert_eq!(rule("greatest"), MergeRule::Max);
    assert_eq!(rule("tags"), MergeRule::Union);
    assert_eq!(rule("count"), MergeRule::Custom);
}

#[tokio::test]
async fn a_merged_edit_is_written_over_what_others_wrote() {
    let store = MemoryStore::new();
    let mine = store.create(&base()).await.unwrap();
    store
        .modify(&1, |task: &mut Task| {
            task.count += 5;
            Ok(())
        })
        .await
        .unwrap();
    let saved = mine.edit(|task| task.count += 1).save_merged(&store).await.unwrap();
    assert_eq!(saved.count, 16);
}
