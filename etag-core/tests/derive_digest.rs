//! The digests of derived models are pinned: a change of any of these strings changes every digest tag there is (rule T4).

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    time::Duration,
};

use etag_core::{Content, Digester, ModelId, Versioned};
use serde::{Deserialize, Serialize};

fn digest(content: &impl Content) -> String {
    let mut sink = Digester::new();
    content.feed(&mut sink);
    sink.finish().to_string()
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ModelId)]
struct TaskId(u64);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Content)]
struct Point {
    x: f64,
    y: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Content)]
struct Celsius(f32);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Content)]
struct Range(i64, i64);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Content)]
struct Marker;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Content)]
#[serde(rename_all = "kebab-case")]
enum State {
    NotBegun,
    AtWork(String),
    #[serde(rename = "halted")]
    OnHold(u8, u8),
    #[serde(rename_all = "camelCase")]
    AllDone {
        finished_at: i64,
        by_whom: Option<String>,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "tasks", validator = digest)]
#[serde(rename_all = "camelCase")]
struct Task {
    #[versioned(id)]
    id: TaskId,
    title: String,
    due_date: Option<String>,
    state: State,
    position: Point,
    tags: Vec<String>,
    labels: HashMap<String, i32>,
    watchers: HashSet<String>,
    #[serde(rename = "maximum")]
    limits: Range,
    temperature: Celsius,
    marker: Marker,
}

fn task() -> Task {
    Task {
        id: TaskId(7),
        title: "Tee kochen – 茶 🍵".into(),
        due_date: None,
        state: State::AtWork("ada".into()),
        position: Point { x: 0.5, y: -1.25 },
        tags: vec!["a".into(), "b".into()],
        labels: (0..20).map(|number| (format!("label {number}"), number)).collect(),
        watchers: (0..20).map(|number| format!("watcher {number}")).collect(),
        limits: Range(i64::MIN, i64::MAX),
        temperature: Celsius(36.6),
        marker: Marker,
    }
}

#[derive(Versioned)]
#[versioned(collection = "smallest", validator = digest)]
struct Smallest {
    #[versioned(id)]
    id: String,
}

#[test]
fn digests_of_models_are_pinned() {
    assert_eq!(Smallest { id: "1".into() }.content_digest().to_string(), "5NDSPUWD_N7QPUPYFc3BNw");
    assert_eq!(task().content_digest().to_string(), "IDhoDML1eR_P-VGIzqVIOw");
    assert_eq!(task().etag().to_string(), "\"d1.IDhoDML1eR_P-VGIzqVIOw\"");
}

#[test]
fn digests_of_structs_are_pinned() {
    assert_eq!(digest(&Point { x: 0.0, y: f64::NAN }), "bg5CllvfpB7QvU-XLEM-bg");
    assert_eq!(digest(&Celsius(36.6)), "gCNY6kNyKKqnjO1HNj8mbg");
    assert_eq!(digest(&Range(-1, 1)), "GvEpWGK1Uc5D3wp8wIb75A");
    assert_eq!(digest(&Marker), "Gxax31OLoS3D-X7buFyqcA");
    assert_eq!(digest(&TaskId(7)), "ymXUUfld62_mtdy3mmS4TQ");
}

#[test]
fn digests_of_enums_are_pinned() {
    let done = State::AllDone { finished_at: 1_700_000_000, by_whom: Some("ada".into()) };
    assert_eq!(digest(&State::NotBegun), "IDgHXuZl-p2gWDmzcoz62A");
    assert_eq!(digest(&State::AtWork("ada".into())), "rEZ25EpwpAHBgLOQd6tZLQ");
    assert_eq!(digest(&State::OnHold(1, 2)), "HWBwvo5qcGMwttLZrnMT0A");
    assert_eq!(digest(&done), "rDT0y7O6YEMeDmYbYFIgKQ");
}

#[test]
fn digests_of_collections_are_pinned() {
    assert_eq!(digest(&BTreeMap::from([("b", 2_u8), ("a", 1)])), "Xif4xSeYqb4JZuUlUnT1BA");
    assert_eq!(digest(&BTreeSet::from([TaskId(2), TaskId(1)])), "IfdKLcrOusVdDUkgY-X-bg");
    assert_eq!(digest(&(Some("ü"), None::<String>, 'ß', Duration::from_millis(1500))), "qkYzF_9xEFv9_vqLrQ5HXg");
}

#[test]
fn a_newtype_is_hashed_as_what_is_in_it() {
    assert_eq!(digest(&Celsius(1.5)), digest(&1.5_f32));
    assert_eq!(digest(&TaskId(7)), digest(&7_u64));
}

#[test]
fn the_order_of_a_hash_table_does_not_matter() {
    let (forth, back) = ((0..100).collect::<HashSet<u32>>(), (0..100).rev().collect::<HashSet<u32>>());
    assert_eq!(digest(&forth), digest(&back));
    let reversed = Task {
        labels: (0..20).rev().map(|number| (format!("label {number}"), number)).collect(),
        watchers: (0..20).rev().map(|number| format!("watcher {number}")).collect(),
        ..task()
    };
    assert_eq!(reversed.etag(), task().etag());
}

#[test]
fn a_value_has_the_digest_of_its_copy_that_went_through_json() {
    let json = serde_json::to_string(&task()).unwrap();
    assert_eq!(serde_json::from_str::<Task>(&json).unwrap().etag(), task().etag());
}

mod in_another_order {
    use super::{Content, Deserialize, Serialize, Versioned};

    #[derive(Content)]
    pub(super) struct Point {
        pub(super) y: f64,
        pub(super) x: f64,
    }

    #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned)]
    #[versioned(collection = "smallest", validator = digest)]
    pub(super) struct Note {
        pub(super) text: String,
        #[versioned(id)]
        pub(super) id: u64,
    }

    #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned)]
    #[versioned(collection = "smallest", validator = digest)]
    pub(super) struct SameNote {
        #[versioned(id)]
        #[serde(rename = "id")]
        pub(super) number: u64,
        #[serde(rename = "text")]
        pub(super) body: String,
    }
}

#[test]
fn the_order_of_the_fields_does_not_matter() {
    assert_eq!(digest(&Point { x: 1.0, y: 2.0 }), digest(&in_another_order::Point { y: 2.0, x: 1.0 }));
}

#[test]
fn a_renamed_field_that_serde_names_as_before_keeps_the_tag() {
    let note = in_another_order::Note { id: 1, text: "tea".into() };
    assert_eq!(note.etag(), in_another_order::SameNote { number: 1, body: "tea".into() }.etag());
}

#[derive(Content, Serialize)]
#[serde(transparent)]
struct Wrapped {
    inner: String,
    #[serde(skip)]
    cache: u32,
}

#[derive(Content, Serialize)]
struct Cached {
    name: String,
    #[serde(skip)]
    cache: u32,
}

#[derive(Content)]
struct Uncached {
    name: String,
}

#[test]
fn what_serde_skips_is_not_hashed() {
    assert_eq!(digest(&Cached { name: "a".into(), cache: 1 }), digest(&Uncached { name: "a".into() }));
    assert_eq!(digest(&Wrapped { inner: "a".into(), cache: 1 }), digest(&"a"));
    assert_eq!(Cached { name: String::new(), cache: 1 }.cache + Wrapped { inner: String::new(), cache: 1 }.cache, 2);
}

struct Opaque(u8);

fn hash_opaque(opaque: &Opaque, sink: &mut Digester) {
    sink.unsigned(opaque.0.into());
}

#[derive(Content)]
struct Holder {
    #[versioned(hash_with = hash_opaque)]
    opaque: Opaque,
}

#[derive(Content)]
struct Plain {
    opaque: u8,
}

#[test]
fn hash_with_feeds_in_place_of_the_type() {
    assert_eq!(digest(&Holder { opaque: Opaque(7) }), digest(&Plain { opaque: 7 }));
}

#[derive(Content)]
enum Pair<T> {
    One(T),
    Two(T, T),
    Many { all: Vec<T> },
}

#[test]
fn variants_with_equal_payloads_differ() {
    let digests = [
        digest(&Pair::One(1)),
        digest(&Pair::Two(1, 1)),
        digest(&Pair::Two(1, 2)),
        digest(&Pair::Many { all: vec![1] }),
        digest(&Pair::Many { all: vec![1, 1] }),
        digest(&State::NotBegun),
        digest(&State::AtWork(String::new())),
    ];
    assert_eq!(digests.iter().collect::<HashSet<_>>().len(), digests.len());
}
