//! Writers that know nothing of each other, committed as one.

#[path = "unit_of_work/conflicts.rs"]
mod conflicts;
#[path = "unit_of_work/families.rs"]
mod families;
#[path = "unit_of_work/races.rs"]
mod races;
mod support;
#[path = "unit_of_work/views.rs"]
mod views;

use std::sync::Arc;

use etag_core::{
    Batch, Begun, Check, Committed, Delete, Effect, Error, ErrorKind, Expectation, Item, LedgerClaim, LedgerKey,
    Member, MemoryStore, Store, UnitOfWork, UnitOutcome,
};
use etag_testkit::{Call, Fault, Faulty};
use support::{commit_one, created, digest, key, matching, put};

type Answer = Result<Committed, Error>;

fn unit(store: &MemoryStore) -> UnitOfWork<'static, Answer> {
    UnitOfWork::new(Arc::new(store.clone()))
}

/// Commits this item alone.
async fn commit(member: Member, item: impl Into<Item> + Send) -> Answer {
    member.commit(Batch::new().with(item)).await
}

fn remove(id: &str, expectation: Expectation) -> Delete {
    Delete::new(key(id), expectation)
}

async fn done<T: std::fmt::Debug>(unit: UnitOfWork<'_, T>) -> Vec<T> {
    match unit.commit().await.expect("the store does not fail") {
        UnitOutcome::Done(outputs) => outputs,
        other => panic!("not done: {other:?}"),
    }
}

async fn refused<T: std::fmt::Debug>(unit: UnitOfWork<'_, T>) -> (usize, T) {
    match unit.commit().await.expect("the store does not fail") {
        UnitOutcome::Refused { member, output } => (member, output),
        other => panic!("not refused: {other:?}"),
    }
}

async fn text(store: &impl Store, id: &str) -> Option<String> {
    let row = store.read(&key(id)).await.unwrap()?;
    let document: serde_json::Value = serde_json::from_slice(&row.body).unwrap();
    Some(document["text"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn all_members_are_written_at_once_and_learn_the_tags_that_are_stored() {
    let store = MemoryStore::new();
    let first = created(&store, "there").await;
    let mut unit = unit(&store);
    for item in [Item::from(put("new", "a", Expectation::Absent)), put("there", "b", matching(&first)).into()] {
        assert!(matches!(unit.begin(|member| commit(member, item)).await, Begun::Waits));
        assert_eq!(text(&store, "new").await, None, "nothing is written before all is");
    }
    let answers = done(unit).await;
    for (id, answer) in ["new", "there"].into_iter().zip(answers) {
        let written = answer.unwrap().items.remove(0);
        assert_eq!(written.head, store.head(&key(id)).await.unwrap());
    }
}

#[tokio::test]
async fn a_unit_that_is_dropped_writes_nothing() {
    let store = MemoryStore::new();
    let mut unit = unit(&store);
    unit.begin(|member| commit(member, put("1", "a", Expectation::Absent))).await;
    drop(unit);
    assert_eq!(text(&store, "1").await, None);
}

#[tokio::test]
async fn each_member_is_handed_its_own_items() {
    let store = MemoryStore::new();
    let mut unit = unit(&store);
    let create = |id: &str| put(id, "a", Expectation::Absent);
    for ids in [&["a", "b"][..], &["c"], &["d", "e"]] {
        let batch: Batch = ids.iter().map(|id| create(id)).collect();
        unit.begin(|member| async move { member.commit(batch).await }).await;
    }
    let items = done(unit).await.into_iter().map(|answer| answer.unwrap().items);
    let ids: Vec<Vec<_>> =
        items.map(|items| items.iter().map(|item| item.head.as_ref().unwrap().key.id().to_owned()).collect()).collect();
    assert_eq!(ids, [vec!["a", "b"], vec!["c"], vec!["d", "e"]]);
}

#[tokio::test]
async fn a_member_refers_to_its_own_items() {
    let store = MemoryStore::new();
    let mut unit = unit(&store);
    unit.begin(|member| commit(member, put("other", "a", Expectation::Absent))).await;
    let batch = Batch::new().put(put("1", "a", Expectation::Absent)).put(put("1", "b", Expectation::LeftBy(0)));
    unit.begin(|member| async move { member.commit(batch).await }).await;
    assert_eq!(done(unit).await[1].as_ref().unwrap().items.len(), 2);
    assert_eq!(text(&store, "1").await.as_deref(), Some("b"));
}

#[tokio::test]
async fn a_member_may_write_nothing() {
    let store = MemoryStore::new();
    let mut unit = UnitOfWork::new(Arc::new(store.clone()));
    let begun = unit.begin(|member| async move { member.head(&key("1")).await.unwrap() }).await;
    assert_eq!(begun, Begun::Finished(&None));
    unit.begin(|member| async move {
        commit(member, put("1", "a", Expectation::Absent)).await.unwrap().items.remove(0).head
    })
    .await;
    assert_eq!(done(unit).await, [None, store.head(&key("1")).await.unwrap()]);
}

#[tokio::test]
async fn a_second_commit_is_refused() {
    let store = MemoryStore::new();
    let mut unit = UnitOfWork::new(Arc::new(store.clone()));
    unit.begin(|member| async move {
        commit(member.clone(), put("1", "a", Expectation::Absent)).await.unwrap();
        commit(member, put("2", "a", Expectation::Absent)).await.unwrap_err().kind()
    })
    .await;
    assert_eq!(done(unit).await, [ErrorKind::Misconfigured]);
    assert_eq!(text(&store, "2").await, None);
}

#[tokio::test]
async fn nothing_is_committed_after_the_member_has_finished() {
    let store = MemoryStore::new();
    let mut unit = UnitOfWork::new(Arc::new(store.clone()));
    let mut late = None;
    unit.begin(|member| {
        late = Some(member);
        async {}
    })
    .await;
    let error = commit(late.unwrap(), put("1", "a", Expectation::Absent)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    done(unit).await;
    assert_eq!(text(&store, "1").await, None);
}

#[tokio::test]
async fn a_claim_of_the_ledger_is_unsupported() {
    let store = MemoryStore::new();
    let mut unit = unit(&store);
    let key = LedgerKey { principal: String::new(), key: "k".to_owned() };
    let claim = LedgerClaim { key, fingerprint: digest("a"), keep_for: std::time::Duration::from_secs(1) };
    let batch = Batch::new().put(put("1", "a", Expectation::Absent)).once(claim);
    let begun = unit.begin(|member| async move { member.commit(batch).await }).await;
    assert!(matches!(begun, Begun::Finished(Err(error)) if error.kind() == ErrorKind::Unsupported));
}

#[tokio::test]
async fn a_check_is_answered_at_once_and_made_again_with_the_commit() {
    let store = MemoryStore::new();
    let first = created(&store, "1").await;
    let checks_and_writes = async || {
        let mut unit = unit(&store);
        let begun = unit.begin(|member| commit(member, Check::new(key("1"), matching(&first)))).await;
        let Begun::Finished(Ok(checked)) = begun else { panic!("the check holds: {begun:?}") };
        assert_eq!(checked.items[0].effect, Effect::Checked);
        unit.begin(|member| commit(member, put("2", "a", Expectation::Absent))).await;
        unit
    };

    let unit = checks_and_writes().await;
    commit_one(&store, put("1", "b", Expectation::Exists)).await.unwrap();
    assert!(matches!(unit.commit().await.unwrap(), UnitOutcome::Moved(moved) if moved == key("1")));
    assert_eq!(text(&store, "2").await, None);

    commit_one(&store, put("1", "c", Expectation::Exists)).await.unwrap();
    let mut unit = self::unit(&store);
    let begun = unit.begin(|member| commit(member, Check::new(key("1"), matching(&first)))).await;
    assert!(matches!(begun, Begun::Finished(Err(error)) if error.is_stale()));
}

#[tokio::test]
async fn a_check_that_fails_tells_what_changed() {
    let store = MemoryStore::new();
    let logged = |text: &str, expectation| {
        let mut put = put("1", text, expectation);
        put.changes = etag_core::ChangeRule::last(5);
        put
    };
    let (_, first) = commit_one(&store, logged("a", Expectation::Absent)).await.unwrap();
    commit_one(&store, logged("b", Expectation::Exists)).await.unwrap();
    let mut unit = unit(&store);
    let begun = unit.begin(|member| commit(member, Check::new(key("1"), matching(&first.tag)))).await;
    let Begun::Finished(Err(error)) = begun else { panic!("the state is another one: {begun:?}") };
    assert_eq!(error.conflicts()[0].changed.as_deref(), Some(&["text".to_owned()][..]));
}

#[tokio::test]
async fn members_that_modify_one_resource_do_not_wait_for_each_other() {
    use etag_core::{StoreExt as _, Versioned};

    #[derive(Clone, Debug, serde::Serialize, serde::Deserialize, Versioned)]
    #[versioned(collection = "counters")]
    struct Counter {
        #[versioned(id)]
        id: String,
        count: u32,
    }

    let store = MemoryStore::new();
    store.create(&Counter { id: "1".to_owned(), count: 0 }).await.unwrap();
    let mut unit = UnitOfWork::new(Arc::new(store.clone()));
    for _ in 0..3 {
        let change = |counter: &mut Counter| {
            counter.count += 1;
            Ok(())
        };
        unit.begin(|member| async move { member.modify(&"1".to_owned(), change).await.unwrap().count }).await;
    }
    assert_eq!(done(unit).await, [1, 2, 3]);
    assert_eq!(store.get::<Counter>(&"1".to_owned()).await.unwrap().count, 3);
}

#[tokio::test]
async fn a_member_that_no_longer_waits_keeps_the_unit_from_its_commit() {
    let store = MemoryStore::new();
    let mut unit = unit(&store);
    unit.begin(|member| async move {
        let mut given_up = Box::pin(commit(member, put("1", "a", Expectation::Absent)));
        // One poll, and no more.
        std::future::poll_fn(|context| std::task::Poll::Ready(given_up.as_mut().poll(context).is_ready())).await;
        Err(Error::new(ErrorKind::Refused, "done something else"))
    })
    .await;
    assert_eq!(unit.commit().await.unwrap_err().kind(), ErrorKind::Unavailable);
    assert_eq!(text(&store, "1").await, None);
}

#[tokio::test]
async fn a_unit_whose_member_was_dropped_is_not_committed() {
    let store = MemoryStore::new();
    let mut unit = unit(&store);
    unit.begin(|member| commit(member, put("1", "a", Expectation::Absent))).await;
    let never = unit.begin(|_| std::future::pending());
    assert!(tokio::time::timeout(std::time::Duration::ZERO, never).await.is_err());
    assert_eq!(unit.commit().await.unwrap_err().kind(), ErrorKind::Unavailable);
    assert_eq!(text(&store, "1").await, None);
}

#[tokio::test]
async fn a_fault_of_the_store_is_told() {
    for (fault, kind) in
        [(Fault::Refuse(ErrorKind::Unavailable), ErrorKind::Unavailable), (Fault::LoseAnswer, ErrorKind::Unknown)]
    {
        let faulty = Faulty::new(MemoryStore::new());
        faulty.fail(Call::Commit, 1, fault);
        let mut unit = UnitOfWork::new(Arc::new(faulty.clone()));
        // A commit that outlives its member learns of it, too.
        let (sender, outcome) = tokio::sync::oneshot::channel();
        unit.begin(|member| async move {
            tokio::spawn(async move {
                let answer = commit(member, put("1", "a", Expectation::Absent)).await;
                sender.send(answer.map_err(|error| error.kind())).unwrap();
            });
            std::future::pending::<()>().await;
        })
        .await;
        assert_eq!(unit.commit().await.unwrap_err().kind(), kind);
        assert_eq!(outcome.await.unwrap().unwrap_err(), kind);
    }
}

#[tokio::test]
async fn a_member_does_not_close_the_store_of_others() {
    let store = MemoryStore::new();
    let mut unit = UnitOfWork::new(Arc::new(store.clone()));
    unit.begin(|member| async move { member.close().await }).await;
    commit_one(&store, put("1", "a", Expectation::Absent)).await.unwrap();
}
