use std::time::{Duration, UNIX_EPOCH};

use etag_core::{
    Batch, Check, Comparison, ContentDigest, ETag, Effect, ErrorKind, Expectation, IfUnchanged, Item, Key, Put, Store,
    Strength, TagMatch, TagPlan,
};

use crate::{
    clock::TestClock,
    model::{delete, digest, foreign_tag, key, put, remove, tag_of, write},
    temporary::Directory,
};

/// What each expectation is answered with on a resource that is absent, and on one that is there.
const TABLE: [(&str, Option<ErrorKind>, Option<ErrorKind>); 5] = [
    ("unconditional", None, None),
    ("absent", None, Some(ErrorKind::AlreadyExists)),
    ("exists", Some(ErrorKind::NotFound), None),
    ("its tag", Some(ErrorKind::NotFound), None),
    ("another tag", Some(ErrorKind::NotFound), Some(ErrorKind::Stale)),
];

async fn expectation(store: &impl Store, name: &str, id: &str) -> Expectation {
    match name {
        "unconditional" => Expectation::Unconditional,
        "absent" => Expectation::Absent,
        "exists" => Expectation::Exists,
        "its tag" => Expectation::matches(tag_of(store, id).await.unwrap_or_else(foreign_tag)),
        _ => Expectation::matches(foreign_tag()),
    }
}

#[tokio::test]
async fn a_put_is_done_only_where_its_expectation_is_met() {
    let directory = Directory::new();
    let store = directory.store().await;
    for (name, absent, present) in TABLE {
        let demand = expectation(&store, name, "absent").await;
        let answer = write(&store, "absent", "new", demand).await;
        assert_eq!(answer.as_ref().err().map(etag_core::Error::kind), absent, "{name} where there is none");
        if let Ok((effect, _)) = answer {
            assert_eq!(effect, Effect::Created);
            remove(&store, "absent").await;
        }
        write(&store, "present", "old", Expectation::Unconditional).await.unwrap();
        let demand = expectation(&store, name, "present").await;
        let answer = write(&store, "present", "new", demand).await;
        assert_eq!(answer.as_ref().err().map(etag_core::Error::kind), present, "{name} where there is one");
        let text = if answer.is_ok() { "new" } else { "old" };
        assert_eq!(store.head(&key("present")).await.unwrap().unwrap().content, digest(text), "{name}");
    }
}

#[tokio::test]
async fn a_delete_is_done_only_where_its_expectation_is_met() {
    let directory = Directory::new();
    let store = directory.store().await;
    for (name, absent, present) in TABLE {
        let demand = expectation(&store, name, "absent").await;
        let answer = store.commit(Batch::new().delete(delete("absent", demand))).await;
        let absent = absent.unwrap_or(ErrorKind::NotFound);
        assert_eq!(answer.unwrap_err().kind(), absent, "{name} where there is none");
        write(&store, "present", "old", Expectation::Unconditional).await.unwrap();
        let demand = expectation(&store, name, "present").await;
        let answer = store.commit(Batch::new().delete(delete("present", demand))).await;
        assert_eq!(answer.as_ref().err().map(etag_core::Error::kind), present, "{name} where there is one");
        assert_eq!(tag_of(&store, "present").await.is_some(), answer.is_err(), "{name}");
    }
}

#[tokio::test]
async fn a_check_writes_nothing_and_is_answered_as_a_write_is() {
    let directory = Directory::new();
    let store = directory.store().await;
    let (_, head) = write(&store, "1", "text", Expectation::Absent).await.unwrap();
    let check = |expectation| Batch::new().check(Check::new(key("1"), expectation));
    let done = store.commit(check(Expectation::matches(head.tag.clone()))).await.unwrap();
    assert_eq!((done.items[0].effect, done.items[0].head.as_ref()), (Effect::Checked, Some(&head)));
    assert!(store.commit(check(Expectation::matches(foreign_tag()))).await.unwrap_err().is_stale());
    assert_eq!(store.head(&key("1")).await.unwrap(), Some(head));
}

#[tokio::test]
async fn a_conflict_tells_the_state_it_met() {
    let directory = Directory::new();
    let store = directory.store().await;
    let (_, head) = write(&store, "1", "text", Expectation::Absent).await.unwrap();
    let error = write(&store, "1", "mine", Expectation::matches(foreign_tag())).await.unwrap_err();
    assert_eq!(error.conflicts()[0].met, Some(head));
}

#[tokio::test]
async fn a_write_that_changes_nothing_keeps_the_tag() {
    let directory = Directory::new();
    let store = directory.store().await;
    let (_, before) = write(&store, "1", "text", Expectation::Absent).await.unwrap();
    let (effect, after) = write(&store, "1", "text", Expectation::Exists).await.unwrap();
    assert_eq!((effect, &after), (Effect::Unchanged, &before));
    let mut rewrite = put("1", "text", Expectation::Exists);
    rewrite.if_unchanged = IfUnchanged::Rewrite;
    let rewritten = store.commit(Batch::new().put(rewrite)).await.unwrap();
    assert_eq!(rewritten.items[0].effect, Effect::Replaced);
    assert_ne!(tag_of(&store, "1").await.unwrap(), before.tag);
}

#[tokio::test]
async fn what_a_commit_answers_is_what_a_read_finds() {
    let directory = Directory::new();
    let clock = TestClock::at_second(1_000_000_000);
    clock.advance(Duration::from_nanos(123_456_789));
    let store = directory.store_in(clock.environment()).await;
    let (_, created) = write(&store, "1", "a", Expectation::Absent).await.unwrap();
    assert_eq!(store.head(&key("1")).await.unwrap().unwrap(), created);
    clock.advance(Duration::from_secs(2));
    let (_, replaced) = write(&store, "1", "b", Expectation::Exists).await.unwrap();
    let row = store.read(&key("1")).await.unwrap().unwrap();
    assert_eq!((&row.head, &row.body[..]), (&replaced, &br#"{"id":"1","text":"b"}"#[..]));
    assert_eq!((replaced.created, replaced.created_at), (created.created, created.created_at));
    assert_eq!(replaced.modified_at, UNIX_EPOCH + Duration::from_micros(1_000_000_002_123_456));
}

#[tokio::test]
async fn a_date_is_strong_only_where_its_second_saw_one_state() {
    let directory = Directory::new();
    let clock = TestClock::at_second(1_000);
    let store = directory.store_in(clock.environment()).await;
    let (_, created) = write(&store, "1", "a", Expectation::Absent).await.unwrap();
    let (_, at_once) = write(&store, "1", "b", Expectation::Exists).await.unwrap();
    clock.advance(Duration::from_secs(1));
    let (_, later) = write(&store, "1", "c", Expectation::Exists).await.unwrap();
    remove(&store, "1").await;
    let (_, again) = write(&store, "1", "d", Expectation::Absent).await.unwrap();
    let strengths = [created, at_once, later, again].map(|head| head.date_strength);
    assert_eq!(strengths, [Strength::Strong, Strength::Weak, Strength::Strong, Strength::Weak]);
}

#[tokio::test]
async fn tags_of_every_kind_are_kept_byte_for_byte() {
    let directory = Directory::new();
    let store = directory.store().await;
    let content = ContentDigest::from_bytes([7; 16]);
    let plans = [
        TagPlan::Revision,
        TagPlan::LastModified,
        TagPlan::Digest { digest: content, strength: Strength::Weak },
        TagPlan::Opaque(ETag::parse(b"W/\"obs-\xE9,text\"").unwrap()),
    ];
    for (number, plan) in plans.into_iter().enumerate() {
        let key = Key::new("tags", number.to_string());
        let put = Put::new(key.clone(), Expectation::Absent, plan, content, 1, "{}".into());
        let committed = store.commit(Batch::new().put(put)).await.unwrap();
        assert_eq!(store.head(&key).await.unwrap(), committed.items[0].head);
    }
}

#[tokio::test]
async fn a_weak_tag_matches_only_where_weak_comparison_is_asked_for() {
    let directory = Directory::new();
    let store = directory.store().await;
    let plan = || TagPlan::Opaque(ETag::weak("v").unwrap());
    let put = |text, expectation| Put::new(key("1"), expectation, plan(), digest(text), 1, "{}".into());
    let committed = store.commit(Batch::new().put(put("a", Expectation::Absent))).await.unwrap();
    let tag = committed.items[0].head.as_ref().unwrap().tag.clone();
    let matches = |comparison| Expectation::Matches(TagMatch { tags: [tag.clone()].into_iter().collect(), comparison });
    let strong = store.commit(Batch::new().put(put("b", matches(Comparison::Strong)))).await;
    assert!(strong.unwrap_err().is_stale());
    store.commit(Batch::new().put(put("b", matches(Comparison::Weak)))).await.unwrap();
}

#[tokio::test]
async fn keys_and_bodies_are_kept_byte_for_byte() {
    let directory = Directory::new();
    let store = directory.store().await;
    let keys = ["a", "A", "ä", "a ", "a\0b", "%", "'; DROP TABLE documents; --"];
    for id in keys {
        let body = bytes::Bytes::from([id.as_bytes(), b"\xFF\0"].concat());
        let put = Put::new(key(id), Expectation::Absent, TagPlan::Revision, digest(id), 1, body);
        store.commit(Batch::new().put(put)).await.unwrap();
    }
    for id in keys {
        let row = store.read(&key(id)).await.unwrap().unwrap();
        assert_eq!(row.body, [id.as_bytes(), b"\xFF\0"].concat(), "{id:?}");
    }
}

#[tokio::test]
async fn a_batch_past_the_bounds_is_refused_as_a_whole() {
    let directory = Directory::new();
    let store = etag_sqlite::SqliteStore::builder(directory.file()).batch(2, 1000).open().await.unwrap();
    let many: Batch = ["1", "2", "3"].map(|id| Item::from(put(id, "text", Expectation::Absent))).into_iter().collect();
    assert_eq!(store.commit(many).await.unwrap_err().kind(), ErrorKind::TooLarge);
    let large = write(&store, "1", &"x".repeat(1000), Expectation::Absent).await;
    assert_eq!(large.unwrap_err().kind(), ErrorKind::TooLarge);
    assert_eq!(tag_of(&store, "1").await, None);
}

#[tokio::test]
async fn an_empty_batch_does_nothing() {
    let directory = Directory::new();
    let store = directory.store().await;
    assert!(store.commit(Batch::new()).await.unwrap().items.is_empty());
}
