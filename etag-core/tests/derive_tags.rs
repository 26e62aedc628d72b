//! What changes a digest tag, and what does not (rules T4, T8 and T9).

use etag_core::{
    DigestKey, DigestRule, Digester, ETag, Environment, MemoryStore, Patch as _, Strength, Validator, Versioned,
};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "tasks", validator = digest)]
struct Task {
    #[versioned(id)]
    id: u64,
    title: String,
    done: bool,
    estimate: Option<f64>,
    tags: Vec<String>,
    #[serde(skip)]
    cache: u32,
}

fn task() -> Task {
    Task { id: 1, title: "tea".into(), done: false, estimate: None, tags: vec![], cache: 0 }
}

#[test]
fn every_serialised_field_changes_the_tag() {
    let changes: [fn(&mut Task); 5] = [
        |task| task.id = 2,
        |task| task.title.push('s'),
        |task| task.done = true,
        |task| task.estimate = Some(0.0),
        |task| task.tags.push(String::new()),
    ];
    for change in changes {
        let mut edited = task();
        change(&mut edited);
        assert_ne!(edited.etag(), task().etag(), "{edited:?}");
        assert_ne!(edited.content_digest(), task().content_digest());
    }
}

#[test]
fn a_field_that_serde_skips_does_not_change_the_tag() {
    assert_eq!(Task { cache: 7, ..task() }.etag(), task().etag());
}

proptest! {
    #[test]
    fn tasks_have_one_tag_just_if_they_are_serialised_alike(
        left in (0..3_u64, "[ab]{0,2}", any::<bool>(), prop::collection::vec("[ab]{0,2}", 0..3)),
        right in (0..3_u64, "[ab]{0,2}", any::<bool>(), prop::collection::vec("[ab]{0,2}", 0..3)),
    ) {
        let task = |(id, title, done, tags)| Task { id, title, done, estimate: None, tags, cache: 0 };
        let (left, right) = (task(left), task(right));
        let is_alike = serde_json::to_string(&left).unwrap() == serde_json::to_string(&right).unwrap();
        prop_assert_eq!(left.etag() == right.etag(), is_alike);
    }
}

#[derive(Clone, Versioned)]
#[versioned(collection = "notes", validator = digest, representation = 2)]
struct NewNote {
    #[versioned(id)]
    id: u64,
}

#[derive(Clone, Versioned)]
#[versioned(collection = "notes", validator = digest)]
struct Note {
    #[versioned(id)]
    id: u64,
}

#[test]
fn another_representation_is_another_tag_of_the_same_content() {
    assert_eq!(Note { id: 1 }.content_digest(), NewNote { id: 1 }.content_digest());
    assert_ne!(Note { id: 1 }.etag(), NewNote { id: 1 }.etag());
}

#[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
#[versioned(collection = "articles", validator = digest(weak))]
struct Article {
    #[versioned(id)]
    id: u64,
    text: String,
    #[versioned(exclude)]
    views: u64,
    #[versioned(modified)]
    modified: String,
}

fn article() -> Article {
    Article { id: 1, text: "tea".into(), views: 0, modified: String::new() }
}

#[test]
fn a_field_that_is_left_out_keeps_the_tag_and_is_content_all_the_same() {
    let seen = Article { views: 1, ..article() };
    assert_eq!(seen.etag(), article().etag());
    assert_ne!(seen.content_digest(), article().content_digest());
    assert_ne!(Article { text: "milk".into(), ..article() }.etag(), article().etag());
}

#[test]
fn a_digest_that_leaves_something_out_is_weak() {
    assert_eq!(Article::MODEL.validator, Validator::Digest(DigestRule::Weak));
    assert_eq!(article().etag().strength(), Strength::Weak);
    assert_eq!(task().etag().strength(), Strength::Strong);
}

#[test]
fn what_the_store_fills_in_is_no_content() {
    let later = Article { modified: "later".into(), ..article() };
    assert_eq!(later.etag(), article().etag());
    assert_eq!(later.content_digest(), article().content_digest());
}

#[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
#[versioned(collection = "accounts", validator = digest(keyed))]
struct Account {
    #[versioned(id)]
    id: u64,
    name: String,
    #[serde(skip)]
    #[versioned(include)]
    password_hash: String,
}

fn account(password_hash: &str) -> Account {
    Account { id: 1, name: "ada".into(), password_hash: password_hash.into() }
}

#[test]
fn a_hidden_field_changes_the_keyed_tag_and_is_described_nowhere() {
    let key = DigestKey::new(&[7; 32]).unwrap();
    assert_ne!(account("a").etag(&key), account("b").etag(&key));
    assert_eq!(account("a").content_digest(), account("b").content_digest());
    assert!(Account::MODEL.field("password_hash").is_none());
}

#[tokio::test]
async fn a_keyed_tag_is_the_one_that_a_store_with_that_key_publishes() {
    let (key, other) = (DigestKey::new(&[7; 32]).unwrap(), DigestKey::new(&[8; 32]).unwrap());
    let store = MemoryStore::with_environment(Environment::system().with_digest_key(key.clone()));
    let account = Account { password_hash: String::new(), ..account("") };
    let created = account.create_if_absent(&store).await.unwrap();
    assert_eq!(*created.etag(), account.etag(&key));
    assert_ne!(*created.etag(), account.etag(&other));
}

struct Color(u8);

fn hash_color(color: &Color, sink: &mut Digester) {
    sink.unsigned(color.0.into());
}

impl PartialEq for Color {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Clone for Color {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

#[derive(Versioned)]
#[versioned(collection = "marks", validator = digest)]
struct Mark {
    #[versioned(id)]
    id: u64,
    #[versioned(hash_with = hash_color)]
    color: Color,
}

#[test]
fn hash_with_feeds_a_type_that_can_not_be_hashed() {
    let mut mark = Mark { id: 1, color: Color(1) };
    let before: ETag = mark.etag();
    MarkPatch { color: Some(Color(2)) }.apply(&mut mark);
    assert_ne!(mark.etag(), before);
}
