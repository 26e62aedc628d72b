//! Members whose resources are parents and children.

use std::sync::Arc;

use etag_core::{
    Begun, Delete, ErrorKind, Expectation, Member, MemoryStore, Store as _, StoreExt as _, UnitOfWork, UnitOutcome,
    Versioned,
};
use serde::{Deserialize, Serialize};

use super::done;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "boards", validator = revision)]
struct Board {
    #[versioned(id)]
    id: String,
    name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "tasks", validator = revision)]
struct Task {
    #[versioned(id)]
    id: String,
    #[versioned(parent(Board, touch = content, on_delete = cascade))]
    board: String,
    title: String,
}

fn board() -> Board {
    Board { id: "b".to_owned(), name: "home".to_owned() }
}

fn task(title: &str) -> Task {
    Task { id: "t".to_owned(), board: "b".to_owned(), title: title.to_owned() }
}

async fn family() -> MemoryStore {
    let store = MemoryStore::new();
    store.create(&board()).await.unwrap();
    store.create(&task("milk")).await.unwrap();
    store
}

#[tokio::test]
async fn touches_of_the_unit_fail_none_of_it() {
    let store = family().await;
    let held = store.get::<Board>(&board().id).await.unwrap().etag().clone();
    let theirs = store.get::<Task>(&task("").id).await.unwrap().etag().clone();
    let mut unit = UnitOfWork::new(Arc::new(store.clone()));
    unit.begin(|member| async move { member.replace(&task("eggs"), &theirs).await.map(drop) }).await;
    // The tag that was held before the child's write is good for the parent's delete.
    unit.begin(|member| async move {
        assert_eq!(member.get::<Board>(&board().id).await.unwrap().etag(), &held);
        member.delete::<Board>(&board().id, &held).await
    })
    .await;
    assert!(done(unit).await.iter().all(Result::is_ok));
    assert!(store.find::<Task>(&task("").id).await.unwrap().is_none());
}

#[tokio::test]
async fn every_member_learns_what_the_unit_touched() {
    let store = MemoryStore::new();
    let before = store.create(&board()).await.unwrap();
    let mut unit = UnitOfWork::new(Arc::new(store.clone()));
    for id in ["1", "2"] {
        let task = Task { id: id.to_owned(), ..task("milk") };
        unit.begin(|member| async move {
            let put = etag_core::put_document(&member, &task, Expectation::Absent).unwrap();
            super::commit(member, put).await.unwrap().touched
        })
        .await;
    }
    let after = done(unit).await;
    let current = store.get::<Board>(&board().id).await.unwrap();
    for touched in after {
        assert_eq!((touched.len(), &touched[0].before), (1, &before.head().tag));
        assert_eq!(touched[0].after.as_ref(), Some(&current.head().tag));
    }
}

#[tokio::test]
async fn a_child_may_be_created_below_a_parent_of_the_same_unit() {
    let store = MemoryStore::new();
    let mut unit = UnitOfWork::new(Arc::new(store.clone()));
    unit.begin(|member| async move { member.create(&board()).await.map(drop) }).await;
    unit.begin(|member| async move { member.create(&task("milk")).await.map(drop) }).await;
    assert!(done(unit).await.iter().all(Result::is_ok));
    assert!(store.find::<Task>(&task("").id).await.unwrap().is_some());
}

/// Changes the task in the state that it reads, as often as it takes.
async fn change(member: Member) -> ErrorKind {
    for _ in 0..3 {
        let found = member.find::<Task>(&task("").id).await.unwrap();
        let Some(found) = found else { return ErrorKind::NotFound };
        match found.edit(|task| task.title.push('!')).save(&member).await {
            Ok(_) => panic!("the task goes with its board"),
            Err(error) => assert_eq!(error.kind(), ErrorKind::NotFound),
        }
    }
    panic!("the member sees what the commit met");
}

#[tokio::test]
async fn what_another_members_delete_takes_along_is_gone_for_good() {
    let store = family().await;
    let mut unit = UnitOfWork::new(Arc::new(store.clone()));
    unit.begin(|member| async move {
        super::commit(member, Delete::new(board().key(), Expectation::Exists))
            .await
            .map_or_else(|error| error.kind(), |_| panic!("not alone"))
    })
    .await;
    let begun = unit.begin(change).await;
    assert_eq!(begun, Begun::Waits);
    let outcome = unit.commit().await.unwrap();
    assert_eq!(outcome, UnitOutcome::Refused { member: 1, output: ErrorKind::NotFound });
    assert!(store.head(&board().key()).await.unwrap().is_some());
}
