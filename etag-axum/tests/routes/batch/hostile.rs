//! Whatever is sent is answered below 500 (rule X2).

use etag_axum::{Api, Resource};
use etag_core::MemoryStore;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::*;

fn text() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "",
        "$",
        "$$",
        "$a.id",
        "$a.etag",
        "$b.etag",
        "$b.id",
        "*",
        "\"x\"",
        "W/\"x\"",
        "/tasks/1",
        "/tasks/2",
        "/tasks",
        "/tasks/$a.id",
        "/tasks/$b.id",
        "/tasks/%zz",
        "/$batch",
        "/",
        "//",
        "PUT",
        "POST",
        "PATCH",
        "DELETE",
        "HEAD",
        "GET",
        "a",
        "b",
        "application/json",
        "application/merge-patch+json",
        "application/json-patch+json",
        "return=minimal",
        "Sun, 06 Nov 1994 08:49:37 GMT",
    ]);
    prop_oneof![8 => known.prop_map(str::to_owned), 1 => ".{0,12}"]
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![Just(Value::Null), any::<i64>().prop_map(Value::from), text().prop_map(Value::from)];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec((text(), inner), 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn body() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => text().prop_map(|title| json!({ "title": title })),
        2 => text().prop_map(|tag| json!({ "title": "x", "tags": [tag] })),
        1 => Just(json!([{ "op": "replace", "path": "/title", "value": "y" }])),
        1 => document(),
    ]
}

fn headers() -> impl Strategy<Value = Value> {
    let names = vec!["If-Match", "If-None-Match", "If-Unmodified-Since", "Content-Type", "Prefer", "if-match", "X"];
    let member = (prop::sample::select(names).prop_map(str::to_owned), text().prop_map(Value::from));
    prop::collection::vec(member, 0..3).prop_map(|members| Value::Object(members.into_iter().collect()))
}

/// In good form, so that some get as far as the store.
fn neat() -> impl Strategy<Value = Value> {
    let method = prop::sample::select(vec!["PUT", "PUT", "PATCH", "DELETE", "HEAD", "POST", "GET"]);
    let path = prop::sample::select(vec!["/tasks/1", "/tasks/1", "/tasks/2", "/tasks/$a.id", "/tasks", "/none"]);
    let name = prop::option::of(prop::sample::select(vec!["a", "b", "c d"]));
    let condition = prop::option::of(prop::sample::select(vec!["*", "\"x\"", "$a.etag", "$b.etag", "x"]));
    (name, method, path, condition, body()).prop_map(|(name, method, path, condition, body)| {
        let mut item = json!({ "method": method, "path": path, "headers": {} });
        if let Some(name) = name {
            item["id"] = name.into();
        }
        if let Some(condition) = condition {
            item["headers"]["If-Match"] = condition.into();
        }
        if method == "PATCH" {
            item["headers"]["Content-Type"] = "application/merge-patch+json".into();
        }
        if !matches!(method, "DELETE" | "HEAD") {
            item["body"] = body;
        }
        item
    })
}

fn item() -> impl Strategy<Value = Value> {
    let odd = (neat(), headers(), text(), document()).prop_map(|(mut item, headers, name, value)| {
        item["headers"] = headers;
        item[name] = value;
        item
    });
    prop_oneof![8 => neat(), 2 => odd, 1 => document()]
}

fn send(batches: Vec<Vec<u8>>) -> Vec<u16> {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
        let api = Client(Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).router());
        let mut statuses = Vec::new();
        for batch in batches {
            let answer = api.post("/$batch", &[], batch).await;
            if answer.status != 200 {
                answer.problem();
            }
            statuses.push(answer.status.as_u16());
        }
        statuses
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_batches_are_answered_below_500(batches in prop::collection::vec(prop::collection::vec(item(), 0..6), 1..4)) {
        let bodies = batches.iter().map(|items| json!({ "items": items }).to_string().into_bytes()).collect();
        let statuses = send(bodies);
        prop_assert!(statuses.iter().all(|status| *status < 500), "{statuses:?}");
    }

    #[test]
    fn any_bytes_are_answered_below_500(bytes in prop::collection::vec(any::<u8>(), 0..64), cut in 0_usize..80) {
        let whole = br#"{"items":[{"method":"PUT","path":"/tasks/1","headers":{},"body":{"title":"milk"}}]}"#;
        let mut broken = whole.to_vec();
        broken.splice(cut..cut, bytes.iter().copied());
        let statuses = send(vec![bytes, broken, whole[..cut].to_vec()]);
        prop_assert!(statuses.iter().all(|status| *status < 500), "{statuses:?}");
    }
}

#[tokio::test]
async fn deep_and_wide_bodies_are_refused_or_done() {
    let api = tasks();
    let deep = "[".repeat(100_000);
    let nested = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    for body in [
        deep.clone(),
        format!(r#"{{"items":{deep}"#),
        format!(r#"{{"items":{nested}}}"#),
        format!(r#"{{"items":[{nested}]}}"#),
        format!(r#"{{"items":[{{"method":"PUT","path":"/tasks/1","body":{nested}}}]}}"#),
        format!(r#"{{"items":[{{"method":"PUT","path":"/tasks/1","body":["$a.id",{nested}]}}]}}"#),
        format!(r#"{{"items":[{{"headers":{{{}"Prefer":"x"}}}}]}}"#, r#""Prefer":"x","#.repeat(20_000)),
        format!(r#"{{"items":[{{{}"method":"PUT"}}]}}"#, r#""method":"PUT","#.repeat(20_000)),
        format!(r#"{{"items":[{{"method":"PUT","path":"/tasks/{}","body":{{}}}}]}}"#, "x".repeat(70_000)),
    ] {
        let status = api.post("/$batch", &[], body).await.status.as_u16();
        assert!((400..500).contains(&status), "{status}");
    }
}
