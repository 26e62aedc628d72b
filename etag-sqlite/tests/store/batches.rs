use etag_core::{Batch, Check, Effect, ErrorKind, Expectation, Store};

use crate::{
    model::{delete, foreign_tag, key, put, tag_of, write},
    temporary::Directory,
};

#[tokio::test]
async fn a_failed_batch_writes_nothing_and_names_every_culprit() {
    let directory = Directory::new();
    let store = directory.store().await;
    let (_, head) = write(&store, "there", "old", Expectation::Absent).await.unwrap();
    let batch = Batch::new()
        .put(put("new", "text", Expectation::Absent))
        .put(put("there", "mine", Expectation::matches(foreign_tag())))
        .put(put("there", "mine", Expectation::matches(head.tag.clone())))
        .delete(delete("gone", Expectation::Unconditional))
        .check(Check::new(key("there"), Expectation::Absent));
    let error = store.commit(batch).await.unwrap_err();
    let culprits: Vec<_> = error.conflicts().iter().map(|conflict| (conflict.item, conflict.error_kind())).collect();
    let expected = [(1, ErrorKind::Stale), (3, ErrorKind::NotFound), (4, ErrorKind::AlreadyExists)];
    assert_eq!(culprits, expected);
    assert_eq!(error.conflicts()[0].met.as_ref(), Some(&head));
    assert_eq!(tag_of(&store, "new").await, None);
    assert_eq!(tag_of(&store, "there").await, Some(head.tag));
}

#[tokio::test]
async fn an_item_builds_on_what_an_earlier_one_left() {
    let directory = Directory::new();
    let store = directory.store().await;
    let batch = Batch::new()
        .put(put("1", "a", Expectation::Absent))
        .put(put("1", "b", Expectation::LeftBy(0)))
        .delete(delete("1", Expectation::LeftBy(1)))
        .put(put("1", "c", Expectation::Absent));
    let committed = store.commit(batch).await.unwrap();
    let effects: Vec<_> = committed.items.iter().map(|written| written.effect).collect();
    assert_eq!(effects, [Effect::Created, Effect::Replaced, Effect::Deleted, Effect::Created]);
    assert_eq!(store.head(&key("1")).await.unwrap(), committed.items[3].head);
}

#[tokio::test]
async fn a_large_batch_is_one_commit() {
    let directory = Directory::new();
    let store = directory.store().await;
    let ids: Vec<String> = (0..3000).map(|number| number.to_string()).collect();
    let batch: Batch = ids.iter().map(|id| put(id, "text", Expectation::Absent)).collect();
    assert_eq!(store.commit(batch.clone()).await.unwrap().items.len(), 3000);
    assert_eq!(store.commit(batch).await.unwrap_err().conflicts().len(), 3000);
}
