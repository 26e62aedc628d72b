//! What a batch means, on the memory store.

mod support;

use std::{
    sync::Arc,
    time::{Duration, UNIX_EPOCH},
};

use etag_core::{
    Batch, Check, Delete, Effect, Environment, ErrorKind, Expectation, IfUnchanged, LedgerClaim, LedgerKey,
    MemoryStore, Page, Replay, Scan, Store, Strength, TagPlan,
};
use support::{SetClock, commit_one, created, delete, digest, key, matching, put};
use tokio::sync::Barrier;

#[tokio::test]
async fn every_expectation_holds_or_fails_on_present_and_absent_states() {
    let store = MemoryStore::new();
    let tag = created(&store, "there").await;
    let other = created(&store, "other").await;
    let cases = [
        ("there", Expectation::Unconditional, None),
        ("gone", Expectation::Unconditional, None),
        ("there", Expectation::Absent, Some(ErrorKind::AlreadyExists)),
        ("there", Expectation::Exists, None),
        ("gone", Expectation::Exists, Some(ErrorKind::NotFound)),
        ("there", matching(&tag), None),
        ("there", matching(&other), Some(ErrorKind::Stale)),
        ("gone", matching(&tag), Some(ErrorKind::NotFound)),
    ];
    for (id, expectation, failure) in cases {
        let check = Batch::new().check(Check::new(key(id), expectation.clone()));
        let answer = store.commit(check).await.err().map(|error| error.kind());
        assert_eq!(answer, failure, "{id} under {expectation:?}");
    }
}

#[tokio::test]
async fn a_tag_is_good_for_one_write() {
    let store = MemoryStore::new();
    let tag = created(&store, "1").await;
    commit_one(&store, put("1", "second", matching(&tag))).await.unwrap();
    let error = commit_one(&store, put("1", "third", matching(&tag))).await.unwrap_err();
    assert!(error.is_stale());
    assert_eq!(error.conflicts()[0].met.as_ref().unwrap().content, digest("second"));
}

#[tokio::test]
async fn a_revision_names_one_state() {
    let store = MemoryStore::new();
    let (_, first) = commit_one(&store, put("1", "a", Expectation::Absent)).await.unwrap();
    commit_one(&store, put("1", "b", Expectation::At(first.revision))).await.unwrap();
    let error = commit_one(&store, put("1", "c", Expectation::At(first.revision))).await.unwrap_err();
    assert!(error.is_stale());
    assert!(delete(&store, "2", Expectation::At(first.revision)).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_delete_compares_like_a_put() {
    let store = MemoryStore::new();
    let tag = created(&store, "1").await;
    commit_one(&store, put("1", "second", matching(&tag))).await.unwrap();
    assert!(delete(&store, "1", matching(&tag)).await.unwrap_err().is_stale());
    delete(&store, "1", Expectation::Exists).await.unwrap();
    assert!(delete(&store, "1", Expectation::Unconditional).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_failed_batch_writes_nothing_and_reports_every_culprit() {
    let store = MemoryStore::new();
    let stale = created(&store, "1").await;
    commit_one(&store, put("1", "second", matching(&stale))).await.unwrap();
    let batch = Batch::new()
        .put(put("new", "x", Expectation::Absent))
        .put(put("1", "third", matching(&stale)))
        .delete(Delete::new(key("gone"), Expectation::Exists));
    let error = store.commit(batch).await.unwrap_err();
    let culprits: Vec<_> = error.conflicts().iter().map(|conflict| (conflict.item, conflict.error_kind())).collect();
    assert_eq!(culprits, [(1, ErrorKind::Stale), (2, ErrorKind::NotFound)]);
    assert_eq!(store.read(&key("new")).await.unwrap(), None);
}

#[tokio::test]
async fn later_items_meet_what_earlier_ones_wrote() {
    let store = MemoryStore::new();
    let batch = Batch::new()
        .put(put("1", "a", Expectation::Absent))
        .put(put("1", "b", Expectation::LeftBy(0)))
        .put(put("1", "c", Expectation::LeftBy(1)))
        .delete(Delete::new(key("1"), Expectation::LeftBy(2)))
        .put(put("1", "d", Expectation::Absent));
    let committed = store.commit(batch).await.unwrap();
    let effects: Vec<_> = committed.items.iter().map(|written| written.effect).collect();
    assert_eq!(effects, [Effect::Created, Effect::Replaced, Effect::Replaced, Effect::Deleted, Effect::Created]);
    let tags: std::collections::HashSet<_> = committed
        .items
        .iter()
        .filter_map(|written| written.head.as_ref())
        .map(|head| head.tag.as_bytes().to_vec())
        .collect();
    assert_eq!(tags.len(), 4, "each step has a tag of its own");
    assert_eq!(store.read(&key("1")).await.unwrap().unwrap().body, r#"{"id":"1","text":"d"}"#);
}

#[tokio::test]
async fn a_long_batch_means_what_its_parts_would_mean() {
    let store = MemoryStore::new();
    let ids: Vec<String> = (0..40).map(|id| id.to_string()).collect();
    let mut batch: Batch = ids.iter().map(|id| put(id, "a", Expectation::Absent)).collect();
    for (index, id) in ids.iter().enumerate() {
        batch = batch.put(put(id, "b", Expectation::LeftBy(index)));
    }
    for id in &ids[..20] {
        batch = batch.delete(Delete::new(key(id), Expectation::Exists)).put(put(id, "c", Expectation::Absent));
    }
    let committed = store.commit(batch.put(put("39", "b", Expectation::LeftBy(79)))).await.unwrap();
    assert_eq!(committed.items.last().unwrap().effect, Effect::Unchanged);
    for (index, id) in ids.iter().enumerate() {
        let content = digest(if index < 20 { "c" } else { "b" });
        assert_eq!(store.head(&key(id)).await.unwrap().unwrap().content, content);
    }
    let stale = ids.iter().map(|id| put(id, "d", Expectation::Exists)).chain([put("5", "e", Expectation::Absent)]);
    assert_eq!(store.commit(stale.collect()).await.unwrap_err().conflicts()[0].item, 40);
}

#[tokio::test]
async fn a_tag_from_before_the_batch_is_stale_for_an_item_after_a_write() {
    let store = MemoryStore::new();
    let tag = created(&store, "1").await;
    let batch = Batch::new().put(put("1", "b", matching(&tag))).put(put("1", "c", matching(&tag)));
    let error = store.commit(batch).await.unwrap_err();
    assert_eq!(error.conflicts().len(), 1);
    assert_eq!(error.conflicts()[0].item, 1);
}

#[tokio::test]
async fn an_item_that_builds_on_a_failed_one_is_not_to_blame() {
    let store = MemoryStore::new();
    let tag = created(&store, "1").await;
    let batch = Batch::new().put(put("2", "b", matching(&tag))).put(put("2", "c", Expectation::LeftBy(0)));
    let error = store.commit(batch).await.unwrap_err();
    let culprits: Vec<_> = error.conflicts().iter().map(|conflict| conflict.item).collect();
    assert_eq!(culprits, [0]);
}

#[tokio::test]
async fn a_write_that_changes_nothing_keeps_the_tag() {
    let store = MemoryStore::new();
    let tag = created(&store, "1").await;
    let (effect, head) = commit_one(&store, put("1", "first", matching(&tag))).await.unwrap();
    assert_eq!((effect, &head.tag), (Effect::Unchanged, &tag));
}

#[tokio::test]
async fn a_write_that_changes_nothing_still_needs_the_current_tag() {
    let store = MemoryStore::new();
    let tag = created(&store, "1").await;
    commit_one(&store, put("1", "second", matching(&tag))).await.unwrap();
    assert!(commit_one(&store, put("1", "second", matching(&tag))).await.unwrap_err().is_stale());
}

#[tokio::test]
async fn a_rewrite_of_the_same_content_can_be_asked_for() {
    let store = MemoryStore::new();
    let tag = created(&store, "1").await;
    let mut again = put("1", "first", matching(&tag));
    again.if_unchanged = IfUnchanged::Rewrite;
    let (effect, head) = commit_one(&store, again).await.unwrap();
    assert_eq!(effect, Effect::Replaced);
    assert_ne!(head.tag, tag);
}

#[tokio::test]
async fn the_same_content_under_another_opaque_tag_is_a_change() {
    let store = MemoryStore::new();
    let with_tag = |tag: &str, expectation| {
        let mut put = put("1", "first", expectation);
        put.plan = TagPlan::Opaque(tag.parse().unwrap());
        put
    };
    commit_one(&store, with_tag("\"a\"", Expectation::Absent)).await.unwrap();
    let (effect, head) = commit_one(&store, with_tag("\"b\"", Expectation::Exists)).await.unwrap();
    assert_eq!((effect, head.tag.as_bytes()), (Effect::Replaced, &b"\"b\""[..]));
}

#[tokio::test]
async fn a_resource_made_again_never_has_a_former_tag() {
    let store = MemoryStore::new();
    let former = created(&store, "1").await;
    delete(&store, "1", matching(&former)).await.unwrap();
    let again = created(&store, "1").await;
    assert_ne!(former, again);
    let error = commit_one(&store, put("1", "x", matching(&former))).await.unwrap_err();
    assert!(error.conflicts()[0].is_about_a_former_resource());
    assert!(error.to_string().contains("made again"), "{error}");
}

#[tokio::test]
async fn a_restarted_memory_store_never_gives_a_former_tag() {
    let before = created(&MemoryStore::new(), "1").await;
    let after = created(&MemoryStore::new(), "1").await;
    assert_ne!(before, after);
}

#[tokio::test]
async fn a_second_state_within_one_second_makes_the_date_weak() {
    let clock = SetClock::at(10_000);
    let store = MemoryStore::with_environment(Environment::system().with_clock(clock.clone()));
    let (_, head) = commit_one(&store, put("1", "a", Expectation::Absent)).await.unwrap();
    assert_eq!(head.date_strength, Strength::Strong);
    clock.set(10_900);
    let (_, head) = commit_one(&store, put("1", "b", Expectation::Exists)).await.unwrap();
    assert_eq!(head.date_strength, Strength::Weak);
    clock.set(11_000);
    let (_, head) = commit_one(&store, put("1", "c", Expectation::Exists)).await.unwrap();
    assert_eq!(head.date_strength, Strength::Strong);
}

#[tokio::test]
async fn a_resource_made_again_within_the_second_of_its_removal_has_a_weak_date() {
    let clock = SetClock::at(10_000);
    let store = MemoryStore::with_environment(Environment::system().with_clock(clock.clone()));
    created(&store, "1").await;
    clock.set(12_000);
    delete(&store, "1", Expectation::Exists).await.unwrap();
    clock.set(12_500);
    let (_, head) = commit_one(&store, put("1", "b", Expectation::Absent)).await.unwrap();
    assert_eq!(head.date_strength, Strength::Weak);
}

#[tokio::test]
async fn a_clock_set_back_never_makes_a_date_earlier() {
    let clock = SetClock::at(20_000);
    let store = MemoryStore::with_environment(Environment::system().with_clock(clock.clone()));
    created(&store, "1").await;
    clock.set(5_000);
    let (_, head) = commit_one(&store, put("1", "b", Expectation::Exists)).await.unwrap();
    assert_eq!(head.modified_at, UNIX_EPOCH + Duration::from_secs(20) + Duration::from_micros(1));
    assert_eq!(head.date_strength, Strength::Weak);
}

/// Whoever holds the date of a former resource would overwrite a later one that he has never seen.
#[tokio::test]
async fn a_date_is_not_strong_before_the_last_one_of_a_former_resource() {
    let clock = SetClock::at(20_000);
    let store = MemoryStore::with_environment(Environment::system().with_clock(clock.clone()));
    created(&store, "1").await;
    clock.set(5_000);
    delete(&store, "1", Expectation::Exists).await.unwrap();
    for (second, strength) in [(6, Strength::Weak), (7, Strength::Weak), (20, Strength::Weak), (21, Strength::Strong)] {
        clock.set(second * 1000);
        let text = second.to_string();
        let (_, head) = commit_one(&store, put("1", &text, Expectation::Unconditional)).await.unwrap();
        assert_eq!(head.date_strength, strength, "at second {second}");
    }
}

#[tokio::test]
async fn two_states_of_one_instant_have_two_times() {
    let clock = SetClock::at(20_000);
    let store = MemoryStore::with_environment(Environment::system().with_clock(clock.clone()));
    let mut tags = std::collections::HashSet::new();
    for (millis, text) in [(20_000, "a"), (20_000, "b"), (5_000, "c"), (5_000, "d")] {
        clock.set(millis);
        let mut write = put("1", text, Expectation::Unconditional);
        write.plan = TagPlan::LastModified;
        tags.insert(commit_one(&store, write).await.unwrap().1.tag);
    }
    assert_eq!(tags.len(), 4);
}

#[tokio::test]
async fn what_the_ledger_can_not_keep_so_long_is_refused_and_nothing_is_written() {
    let store = MemoryStore::new();
    let forever = LedgerClaim { keep_for: Duration::MAX, ..claim("request") };
    let batch = Batch::new().put(put("1", "a", Expectation::Absent)).once(forever);
    assert_eq!(store.commit(batch).await.unwrap_err().kind(), ErrorKind::TooLarge);
    assert_eq!(store.read(&key("1")).await.unwrap(), None);
}

#[tokio::test]
async fn an_item_can_build_on_earlier_ones_only() {
    let store = MemoryStore::new();
    for later in [0, 1, 7] {
        let batch = Batch::new().put(put("1", "a", Expectation::LeftBy(later)));
        let error = store.commit(batch.check(Check::new(key("2"), Expectation::Absent))).await.unwrap_err();
        assert_eq!(error.conflicts().len(), 1, "item {later}");
    }
}

fn claim(fingerprint: &str) -> LedgerClaim {
    let key = LedgerKey { principal: "ann".into(), key: "k1".into() };
    LedgerClaim { key, fingerprint: digest(fingerprint), keep_for: Duration::from_secs(60) }
}

#[tokio::test]
async fn a_repeated_commit_is_answered_from_the_ledger() {
    let store = MemoryStore::new();
    let tag = created(&store, "1").await;
    let batch = || Batch::new().put(put("1", "second", matching(&tag))).once(claim("request"));
    let first = store.commit(batch()).await.unwrap();
    let second = store.commit(batch()).await.unwrap();
    assert_eq!((first.replay, second.replay), (Replay::Original, Replay::Repeated));
    assert_eq!(first.items, second.items);
    assert_eq!(store.recall(&claim("request").key).await.unwrap().unwrap().items, first.items);
}

#[tokio::test]
async fn an_idempotency_key_is_not_for_another_request_or_another_principal() {
    let store = MemoryStore::new();
    store.commit(Batch::new().put(put("1", "a", Expectation::Absent)).once(claim("one"))).await.unwrap();
    let error =
        store.commit(Batch::new().put(put("2", "a", Expectation::Absent)).once(claim("two"))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::KeyReused);
    let mut other = claim("two");
    other.key.principal = "bob".into();
    store.commit(Batch::new().put(put("2", "a", Expectation::Absent)).once(other)).await.unwrap();
}

#[tokio::test]
async fn a_failed_commit_leaves_no_row_in_the_ledger() {
    let store = MemoryStore::new();
    let batch = || Batch::new().put(put("1", "a", Expectation::Exists)).once(claim("request"));
    assert!(store.commit(batch()).await.unwrap_err().is_not_found());
    created(&store, "1").await;
    assert_eq!(store.commit(batch()).await.unwrap().replay, Replay::Original);
}

#[tokio::test]
async fn the_ledger_forgets_after_its_time() {
    let clock = SetClock::at(0);
    let store = MemoryStore::with_environment(Environment::system().with_clock(clock.clone()));
    let batch = || Batch::new().put(put("1", "a", Expectation::Unconditional)).once(claim("request"));
    store.commit(batch()).await.unwrap();
    clock.set(60_000);
    assert_eq!(store.recall(&claim("request").key).await.unwrap(), None);
    assert_eq!(store.commit(batch()).await.unwrap().replay, Replay::Original);
}

async fn ids(store: &MemoryStore, scan: &Scan) -> (Vec<String>, Option<etag_core::Cursor>) {
    let Page { items, next } = store.scan_tags(scan).await.unwrap();
    (items.into_iter().map(|entry| entry.id.to_string()).collect(), next)
}

#[tokio::test]
async fn pages_stay_where_they_are_while_others_write() {
    let store = MemoryStore::new();
    for id in ["c", "a", "b", "d"] {
        created(&store, id).await;
    }
    let (first, next) = ids(&store, &Scan::new("notes", 2)).await;
    assert_eq!(first, ["c", "a"]);
    delete(&store, "a", Expectation::Exists).await.unwrap();
    created(&store, "0").await;
    commit_one(&store, put("d", "changed", Expectation::Exists)).await.unwrap();
    let (second, next) = ids(&store, &Scan::new("notes", 2).after(next)).await;
    assert_eq!(second, ["b", "d"]);
    let (third, next) = ids(&store, &Scan::new("notes", 2).after(next)).await;
    assert_eq!((third, next), (vec!["0".to_owned()], None));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_32_writers_with_one_tag_one_succeeds() {
    for round in 0..50 {
        let store = MemoryStore::new();
        let tag = created(&store, "1").await;
        let barrier = Arc::new(Barrier::new(32));
        let writers: Vec<_> = (0..32)
            .map(|writer| {
                let (store, tag, barrier) = (store.clone(), tag.clone(), barrier.clone());
                tokio::spawn(async move {
                    barrier.wait().await;
                    commit_one(&store, put("1", &format!("by {writer}"), matching(&tag))).await.is_ok()
                })
            })
            .collect();
        let mut successes = 0;
        for writer in writers {
            successes += usize::from(writer.await.unwrap());
        }
        assert_eq!(successes, 1, "round {round}");
    }
}

#[tokio::test]
async fn a_closed_store_refuses_commits() {
    let store = MemoryStore::new();
    store.close().await;
    let error = commit_one(&store, put("1", "a", Expectation::Absent)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
}
