//! No request makes the server panic, hang or answer 5xx (rule X2).

use std::time::Duration;

use axum::body::Body;
use etag_axum::{Api, Policy, Resource};
use etag_core::{MemoryStore, Versioned};
use http::{HeaderName, HeaderValue, Method, Request};
use proptest::{collection::vec, prelude::*, sample::select};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::support::*;

/// A model that takes any JSON in.
#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "open", validator = digest)]
struct Open {
    #[versioned(id)]
    id: String,
    #[serde(default)]
    any: serde_json::Value,
}

fn api() -> Client {
    let open = Resource::<Open>::new().policy(Policy::Optional);
    Client(Api::new(MemoryStore::new()).resource(open).resource(Resource::<Task>::new()).router())
}

fn method() -> impl Strategy<Value = Method> {
    let known = [
        "GET", "HEAD", "POST", "PUT", "PUT", "PUT", "PATCH", "PATCH", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT",
        "X",
    ];
    select(known.map(|name| Method::from_bytes(name.as_bytes()).unwrap()).to_vec())
}

fn path() -> impl Strategy<Value = String> {
    let known = [
        "/open/1",
        "/open/1",
        "/open/2",
        "/tasks/1",
        "/tasks",
        "/open",
        "/open?limit=1",
        "/open?cursor=AQ",
        "/open/%",
        "/open/%ff",
    ];
    prop_oneof![4 => select(known.to_vec()).prop_map(str::to_owned), 1 => "/(open|tasks)/[a-z0-9%/?=&+.]{0,12}"]
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    let known = [
        "*",
        "\"1\"",
        "W/\"1\"",
        "\"a,b\", \"c",
        "\"1\" \"2\"",
        ",,",
        "",
        "abc",
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "return=minimal",
        "return=representation;x=\"",
        "application/json",
        "application/merge-patch+json",
        "application/json-patch+json",
        "gzip",
    ];
    prop_oneof![
        4 => select(known.to_vec()).prop_map(|text| text.as_bytes().to_vec()),
        1 => vec(prop_oneof![0x20..=0x7Eu8, 0x80..=0xFFu8], 0..20),
    ]
}

fn header() -> impl Strategy<Value = (HeaderName, HeaderValue)> {
    let names = [
        "if-match",
        "if-none-match",
        "if-modified-since",
        "if-unmodified-since",
        "if-range",
        "prefer",
        "idempotency-key",
        "content-type",
        "content-type",
        "content-type",
        "content-encoding",
        "range",
        "origin",
    ];
    (select(names.map(HeaderName::from_static).to_vec()), value())
        .prop_map(|(name, value)| (name, HeaderValue::from_bytes(&value).unwrap()))
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let known = [
        r#"{"any":1}"#,
        r#"{"any":{"a":[1,2,{"b":null}]}}"#,
        r#"{"any":null}"#,
        r#"{"title":"x","tags":["a"]}"#,
        "{}",
        "[]",
        "null",
        "",
        "{",
        "1e999",
        r#"{"any":1e400}"#,
        r#"{"any":18446744073709551616}"#,
        r#"{"any":-0.0}"#,
        "\u{feff}{}",
        r#"{"any":"\ud800"}"#,
        r#"[{"op":"add","path":"/any","value":[[],{}]}]"#,
        r#"[{"op":"copy","from":"","path":"/any"}]"#,
        r#"[{"op":"copy","from":"/any","path":"/any/-"}]"#,
        r#"[{"op":"move","from":"/any","path":"/any/0"}]"#,
        r#"[{"op":"remove","path":""}]"#,
        r#"[{"op":"replace","path":"","value":7}]"#,
        r#"[{"op":"test","path":"/any/99999999999999999999"}]"#,
        r#"[{"op":"remove","path":"/any/-"}]"#,
        r#"[{"op":"add","path":"/any/01","value":1}]"#,
        r#"[{"op":"remove","path":"/id"}]"#,
    ];
    prop_oneof![6 => select(known.to_vec()).prop_map(|text| text.as_bytes().to_vec()), 1 => vec(any::<u8>(), 0..40)]
}

fn request() -> impl Strategy<Value = (Method, String, Vec<(HeaderName, HeaderValue)>, Vec<u8>)> {
    (method(), path(), vec(header(), 0..5), body())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_requests_is_answered_below_500(requests in vec(request(), 1..12)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let api = api();
            for (method, path, headers, body) in requests {
                let Ok(mut request) = Request::builder().method(&method).uri(&path).body(Body::from(body.clone())) else { continue };
                request.headers_mut().extend(headers.iter().cloned());
                let answer = tokio::time::timeout(Duration::from_secs(10), api.send(request)).await.expect("it hangs");
                assert!(answer.status.as_u16() < 500, "{method} {path} {headers:?} {}: {answer:?}", body.escape_ascii());
            }
        });
    }
}

#[tokio::test]
async fn deep_and_wide_documents_are_read_or_refused() {
    let api = api();
    for depth in [10, 120, 130, 100_000] {
        let body = format!(r#"{{"any":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        let put = api.put("/open/1", &["If-Match: *"], body.clone()).await;
        assert!(put.status.is_client_error() || put.status.is_success(), "{depth}");
        let created = api.put(&format!("/open/{depth}"), &[], body).await;
        assert_eq!(created.status.as_u16(), if depth < 127 { 201 } else { 400 }, "{depth}");
    }
    let copy = r#"[{"op":"copy","from":"/any","path":"/any/0"}]"#;
    assert_eq!(api.json_patch("/open/120", &[], copy).await.status, 422, "deeper than what can be read again");
    assert_eq!(api.get("/open", &[]).await.status, 200);
}

#[tokio::test]
async fn a_pointer_of_a_hundred_thousand_steps_leads_nowhere() {
    let api = api();
    api.put("/open/1", &[], r#"{"any":[]}"#).await;
    let patch = format!(r#"[{{"op":"add","path":"{}","value":1}}]"#, "/any".repeat(100_000));
    assert!(api.json_patch("/open/1", &[], patch).await.status.is_client_error());
}
