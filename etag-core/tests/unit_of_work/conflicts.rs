//! What members learn of conflicts.

use std::sync::Arc;

use etag_core::{Batch, Error, ErrorKind, Expectation, Member, MemoryStore, Store as _, UnitOfWork, UnitOutcome};

use super::{Answer, commit, refused, remove, text, unit};
use crate::support::{commit_one, created, key, matching, put};

#[tokio::test]
async fn the_second_of_two_that_create_one_resource_is_to_blame() {
    let store = MemoryStore::new();
    let mut unit = unit(&store);
    for text in ["a", "b"] {
        unit.begin(|member| commit(member, put("1", text, Expectation::Absent))).await;
    }
    let (member, answer) = refused(unit).await;
    let error = answer.unwrap_err();
    assert_eq!((member, error.kind(), error.conflicts()[0].item), (1, ErrorKind::AlreadyExists, 0));
    assert_eq!(text(&store, "1").await, None);
}

#[tokio::test]
async fn a_conflict_is_told_in_the_members_own_terms() {
    let store = MemoryStore::new();
    let tag = created(&store, "1").await;
    commit_one(&store, put("1", "b", Expectation::Exists)).await.unwrap();
    let mut unit = unit(&store);
    unit.begin(|member| commit(member, put("2", "a", Expectation::Absent))).await;
    let batch = Batch::new().put(put("3", "a", Expectation::Absent)).put(put("1", "c", matching(&tag)));
    unit.begin(|member| async move { member.commit(batch).await }).await;
    unit.begin(|member| commit(member, put("4", "a", Expectation::Exists))).await;

    let (member, answer) = refused(unit).await;
    let error = answer.unwrap_err();
    let [conflict] = error.conflicts() else { panic!("its own conflict alone: {error:?}") };
    assert_eq!((member, conflict.item, &conflict.expectation), (1, 1, &matching(&tag)));
    assert_eq!(conflict.met, store.head(&key("1")).await.unwrap());
    assert_eq!(text(&store, "2").await, None);
}

#[tokio::test]
async fn a_provisional_name_is_told_back_as_it_was_given() {
    let store = MemoryStore::new();
    let mut unit = UnitOfWork::new(Arc::new(store.clone()));
    let name = |member: &Member| {
        let member = member.clone();
        async move { Expectation::At(member.head(&key("1")).await.unwrap().unwrap().revision) }
    };
    unit.begin(|member| async move { commit(member, put("1", "a", Expectation::Absent)).await.map(drop) }).await;
    unit.begin(|member| async move {
        let expectation = name(&member).await;
        let twice = Batch::new().delete(remove("1", Expectation::Exists)).put(put("1", "b", expectation.clone()));
        let error = member.commit(twice).await.unwrap_err();
        assert_eq!(error.conflicts()[0].expectation, expectation);
        Err(error)
    })
    .await;
    assert_eq!(refused(unit).await.0, 1);
}

#[tokio::test]
async fn a_condition_of_the_client_that_fails_meanwhile_is_told() {
    let store = MemoryStore::new();
    let tag = created(&store, "1").await;
    let mut unit = unit(&store);
    unit.begin(|member| commit(member, put("1", "b", matching(&tag)))).await;
    commit_one(&store, put("1", "faster", Expectation::Exists)).await.unwrap();
    let (member, answer) = refused(unit).await;
    assert_eq!((member, answer.unwrap_err().is_stale()), (0, true));
    assert_eq!(text(&store, "1").await.as_deref(), Some("faster"));
}

#[tokio::test]
async fn a_state_that_moved_since_it_was_read_is_no_ones_fault() {
    for names_edit in [false, true] {
        let store = MemoryStore::new();
        created(&store, "1").await;
        let mut unit = unit(&store);
        unit.begin(|member| commit(member, put("2", "a", Expectation::Absent))).await;
        unit.begin(|member| async move {
            let head = member.head(&key("1")).await.unwrap().unwrap();
            let name = if names_edit { Expectation::Unedited(head.edited) } else { Expectation::At(head.revision) };
            commit(member, put("1", "b", name)).await
        })
        .await;
        commit_one(&store, put("1", "faster", Expectation::Exists)).await.unwrap();
        assert!(matches!(unit.commit().await.unwrap(), UnitOutcome::Moved(moved) if moved == key("1")));
        assert_eq!(text(&store, "2").await, None);
    }
}

/// Creates, or replaces where there is one: what it met is not what it had seen.
async fn upsert(member: Member) -> Answer {
    let mut last: Option<Error> = None;
    for _ in 0..3 {
        let head = member.head(&key("1")).await?;
        let expectation = head.map_or(Expectation::Absent, |head| Expectation::At(head.revision));
        match commit(member.clone(), put("1", "mine", expectation)).await {
            Ok(done) => return Ok(done),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap())
}

#[tokio::test]
async fn a_member_that_tries_again_has_the_unit_made_anew() {
    let store = MemoryStore::new();
    let mut unit = self::unit(&store);
    unit.begin(upsert).await;
    created(&store, "1").await;
    assert!(matches!(unit.commit().await.unwrap(), UnitOutcome::Moved(moved) if moved == key("1")));

    let mut unit = self::unit(&store);
    unit.begin(upsert).await;
    super::done(unit).await;
    assert_eq!(text(&store, "1").await.as_deref(), Some("mine"));
}

#[tokio::test]
async fn what_follows_from_a_conflict_is_not_to_blame() {
    let store = MemoryStore::new();
    let tag = created(&store, "1").await;
    commit_one(&store, put("1", "b", Expectation::Exists)).await.unwrap();
    let mut unit = unit(&store);
    unit.begin(|member| commit(member, remove("1", matching(&tag)))).await;
    unit.begin(|member| commit(member, put("1", "again", Expectation::Absent))).await;
    assert_eq!(refused(unit).await.0, 0);
    assert_eq!(text(&store, "1").await.as_deref(), Some("b"));
}

#[tokio::test]
async fn the_one_to_blame_sees_nothing_of_what_comes_after_it() {
    let store = MemoryStore::new();
    let mut unit = UnitOfWork::new(Arc::new(store.clone()));
    unit.begin(|member| async move {
        let refusal = commit(member.clone(), put("1", "a", Expectation::Exists)).await;
        (refusal.is_ok(), member.head(&key("2")).await.unwrap())
    })
    .await;
    unit.begin(|member| async move { (commit(member, put("2", "a", Expectation::Absent)).await.is_ok(), None) }).await;
    assert_eq!(refused(unit).await, (0, (false, None)));
}
