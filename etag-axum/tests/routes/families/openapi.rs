//! What `/openapi.json` says of families.

use serde_json::Value;

use super::*;
use crate::support::*;

const ID: &str = "018f4e5c-7d6e-7c3a-9a53-6f5d2b1c0a99";
const NONE: &str = "018f4e5c-7d6e-7c3a-9a53-6f5d2b1c0a00";
const JSON: &str = "Content-Type: application/json";
const MERGE: &str = "Content-Type: application/merge-patch+json";
const ANY: &str = "If-Match: *";
const STALE: &str = "If-Match: \"x\"";

/// The path as it is described, the request's line and headers, its body, and its status. `{}` is a card's id.
type Case = (&'static str, &'static str, &'static [&'static str], &'static str, u16);

/// Done in this order.
const CASES: &[Case] = &[
    ("/boards/{id}/cards", "POST /boards/a/cards", &[JSON], "{}", 201),
    ("/boards/{id}/cards", "POST /boards/a/cards", &[JSON], r#"{"board_id":"b"}"#, 422),
    ("/boards/{id}/cards", "POST /boards/a/cards", &[], "{}", 415),
    ("/boards/{id}/cards", "POST /boards/none/cards", &[JSON], "{}", 404),
    ("/boards/{id}/cards", "GET /boards/a/cards?limit=1", &[], "", 200),
    ("/boards/{id}/cards", "GET /boards/a/cards", &["If-None-Match: *"], "", 304),
    ("/boards/{id}/cards", "GET /boards/a/cards", &[STALE], "", 412),
    ("/boards/{id}/cards", "GET /boards/none/cards", &[], "", 404),
    ("/boards/{id}/cards", "GET /boards/%zz/cards", &[], "", 400),
    ("/boards/{id}/cards", "HEAD /boards/a/cards", &[], "", 200),
    ("/boards/{id}/cards", "OPTIONS /boards/a/cards", &[], "", 204),
    ("/boards/{id}/cards", "OPTIONS /boards/none/cards", &[], "", 404),
    ("/cards/{id}", "PUT /cards/{}", &[JSON], r#"{"board_id":"a"}"#, 201),
    ("/cards/{id}", "PUT /cards/{}", &[JSON], r#"{"board_id":"a"}"#, 428),
    ("/cards/{id}", "PUT /cards/{}", &[JSON, ANY], r#"{"board_id":"none"}"#, 422),
    ("/cards/{id}", "PATCH /cards/{}", &[MERGE, ANY], r#"{"board_id":"b"}"#, 200),
    ("/cards/{id}", "PATCH /cards/{}", &[MERGE, STALE], "{}", 412),
    ("/cards", "GET /cards?board_id=b&limit=1", &[], "", 200),
    ("/cards", "GET /cards?board_id=none", &[], "", 400),
    ("/cards/{id}/details", "GET /cards/{}/details", &[], "", 200),
    ("/cards/{id}/details", "PATCH /cards/{}/details", &[MERGE, ANY], r#"{"notes":"x"}"#, 200),
    ("/cards/{id}/details", "PUT /cards/{}/details", &[JSON, ANY, "Prefer: return=minimal"], r#"{"notes":"y"}"#, 204),
    ("/cards/{id}/details", "PUT /cards/{}/details", &[JSON, STALE], r#"{"notes":"y"}"#, 412),
    ("/cards/{id}/details", "OPTIONS /cards/{}/details", &[], "", 204),
    ("/boards/{id}", "DELETE /boards/b", &[ANY], "", 409),
    ("/cards/{id}", "DELETE /cards/{}", &[ANY], "", 204),
    ("/cards/{id}/details", "GET /cards/{}/details", &[], "", 404),
    ("/cards/{id}/details", "PUT /cards/{}/details", &[JSON], "{}", 404),
    ("/folders/{id}", "PUT /folders/1", &[JSON], "{}", 201),
    ("/folders/{id}", "PATCH /folders/1", &[MERGE, ANY], r#"{"inside":"1"}"#, 409),
];

async fn description(api: &Client) -> Value {
    api.get("/openapi.json", &[]).await.json()
}

#[tokio::test]
async fn each_answer_below_a_parent_is_described() {
    let api = boards().await;
    let description = description(&api).await;
    for case @ (path, line, headers, body, status) in CASES {
        let line = line.replace("{}", ID);
        let answer = api.call(&line, headers, *body).await;
        assert_eq!(answer.status, *status, "{case:?}: {answer:?}");
        let method = line.split(' ').next().unwrap().to_lowercase();
        let described = &description["paths"][path][method]["responses"][status.to_string()];
        assert!(described.is_object(), "{case:?} is not described");
        let known = described["headers"].as_object().unwrap();
        let shared = ["content-type", "content-length", "cache-control"];
        for name in answer.headers.keys().filter(|name| !shared.contains(&name.as_str())) {
            assert!(known.keys().any(|known| known.eq_ignore_ascii_case(name.as_str())), "{case:?}: {name}");
        }
    }
    assert_eq!(api.get(&format!("/cards/{NONE}/details"), &[]).await.status, 404);
}

#[tokio::test]
async fn the_paths_of_children_are_described_with_what_they_offer() {
    let description = description(&boards().await).await;
    let methods = |path: &str| {
        let operations = description["paths"][path].as_object().unwrap_or_else(|| panic!("no {path}"));
        let mut names: Vec<_> = operations.keys().map(String::as_str).filter(|name| *name != "parameters").collect();
        names.sort_unstable();
        names.join(" ")
    };
    assert_eq!(methods("/boards/{id}/cards"), "get head options post");
    assert_eq!(methods("/cards/{id}/items"), "get head options post");
    assert_eq!(methods("/cards/{id}/details"), "get head options patch put");
    assert_eq!(methods("/details/{id}"), "get head options patch put");
    assert_eq!(methods("/details"), "get head options");
    assert_eq!(methods("/folders/{id}/folders"), "get head options");
}

#[tokio::test]
async fn a_body_below_a_parent_need_not_name_it() {
    let description = description(&boards().await).await;
    let schema = |path: &str| {
        let body = &description["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"];
        let reference = body["$ref"].as_str().and_then(|path| path.strip_prefix('#'));
        reference.map_or(body, |path| description.pointer(path).unwrap()).clone()
    };
    let demands = |path: &str| schema(path)["required"].as_array().is_some_and(|all| all.contains(&"board_id".into()));
    assert!(demands("/cards"));
    assert!(!demands("/boards/{id}/cards"));
}

#[tokio::test]
async fn filters_are_described_where_they_are() {
    let description = description(&boards().await).await;
    let parameters = |path: &str| description["paths"][path]["get"]["parameters"].to_string();
    assert!(parameters("/cards").contains("\"board_id\""));
    assert!(!parameters("/boards/{id}/cards").contains("\"board_id\""));
    assert!(!parameters("/details").contains("\"card_id\""));
}

#[tokio::test]
async fn operations_have_ids_of_their_own() {
    let description = description(&boards().await).await;
    let operations = description["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap());
    let mut ids: Vec<_> = operations.filter_map(|(_, operation)| operation["operationId"].as_str()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
}
