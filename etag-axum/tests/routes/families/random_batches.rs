//! Whatever a batch asks of families, it is done as a whole or not at all, and tells no tag that is not current.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::batch::support::etag_of;

const CARDS: [&str; 2] = ["018f4e5c-7d6e-7c3a-9a53-6f5d2b1c0a01", "018f4e5c-7d6e-7c3a-9a53-6f5d2b1c0a02"];

const METHODS: [&str; 6] = ["PUT", "PUT", "PATCH", "PATCH", "DELETE", "HEAD"];

/// Every resource that there may be.
fn paths() -> Vec<String> {
    let cards = CARDS.iter().flat_map(|id| [format!("/cards/{id}"), format!("/details/{id}"), format!("/items/{id}")]);
    let others = ["/boards/a", "/boards/b", "/folders/1", "/folders/2", "/folders/3"].map(str::to_owned);
    cards.chain(others).collect()
}

/// A document for a path, which may name a parent that is not there, or a folder within itself.
fn document(path: &str, parent: usize, text: &str) -> Value {
    let collection = path.split('/').nth(1).unwrap();
    let board = ["a", "b", "none"][parent];
    let inside = [None, Some("1"), Some("2")][parent];
    match collection {
        "cards" => json!({ "board_id": board, "title": text }),
        "details" => json!({ "notes": text }),
        "items" => json!({ "card_id": CARDS[parent % 2], "title": text }),
        "folders" => json!({ "inside": inside, "name": text }),
        _ => json!({ "name": text }),
    }
}

/// A path, a method, a parent, a text, and which condition.
type Choice = (usize, usize, usize, bool, usize);

/// Mostly what can be done, so that many a batch is.
fn choice() -> impl Strategy<Value = Choice> {
    let parent = prop_oneof![8 => 0..2_usize, 1 => Just(2)];
    let condition = prop_oneof![8 => Just(0), 4 => Just(1), 1 => Just(2)];
    (0..11_usize, 0..6_usize, parent, any::<bool>(), condition)
}

fn item((path, method, parent, text, condition): Choice, tags: &BTreeMap<String, String>) -> Value {
    let path = paths()[path].clone();
    let etag = tags.get(&path);
    let method = if etag.is_none() && condition < 2 { "PUT" } else { METHODS[method] };
    let mut item = json!({ "method": method, "path": path, "headers": {} });
    if matches!(method, "PUT" | "PATCH") {
        item["body"] = document(&path, parent, if text { "x" } else { "y" });
    }
    if method == "PATCH" {
        item["headers"]["Content-Type"] = "application/merge-patch+json".into();
    }
    match (condition, etag) {
        (0, Some(etag)) => item["headers"]["If-Match"] = etag.as_str().into(),
        (1, Some(_)) => item["headers"]["If-Match"] = "*".into(),
        _ => {}
    }
    item
}

/// The tags of all resources that there are.
async fn tags(api: &Client) -> BTreeMap<String, String> {
    let mut tags = BTreeMap::new();
    for path in paths() {
        let answer = api.get(&path, &[]).await;
        if answer.status == 200 {
            tags.insert(path, answer.etag());
        }
    }
    tags
}

/// What a batch that was done tells of tags is so.
fn assert_told(answer: &Answer, items: &[Value], before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) {
    for (index, item) in items.iter().enumerate() {
        let told = answer.item(index);
        if told["headers"].get("ETag").is_some() {
            let path = item["path"].as_str().unwrap();
            assert_eq!(after.get(path), Some(&etag_of(&told)), "{path} {items:?} {answer:?}");
        }
    }
    let touched = answer.json()["touched"].as_array().unwrap().clone();
    for (path, etag) in before.iter().filter(|(path, etag)| after.get(*path) != Some(*etag)) {
        let is_told = items.iter().chain(&touched).any(|told| told["path"] == json!(path));
        assert!(is_told, "{path} had {etag} {items:?} {answer:?}");
    }
    for touched in touched {
        let path = touched["path"].as_str().unwrap();
        assert_eq!(before.get(path).map(String::as_str), touched["before"].as_str(), "{path} {items:?} {answer:?}");
        assert_eq!(after.get(path).map(String::as_str), touched["after"].as_str(), "{path} {items:?} {answer:?}");
    }
}

async fn run(batches: Vec<Vec<Choice>>) {
    let api = boards().await;
    for choices in batches {
        let before = tags(&api).await;
        let items: Vec<_> = choices.into_iter().map(|choice| item(choice, &before)).collect();
        let answer = api.post("/$batch", &[], json!({ "items": items }).to_string()).await;
        let after = tags(&api).await;
        if answer.status == 200 {
            assert_told(&answer, &items, &before, &after);
        } else {
            assert_eq!(answer.status, 409, "{items:?} {answer:?}");
            assert_eq!(before, after, "{items:?} {answer:?}");
            assert!(
                answer.json()["items"].to_string().contains("problems"),
                "nobody is to blame: {items:?} {answer:?}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_batch_is_done_as_a_whole_or_not_at_all_and_tells_current_tags(
        batches in prop::collection::vec(prop::collection::vec(choice(), 1..5), 4..16)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(run(batches));
    }
}
