//! `/openapi.json`.

use etag_axum::{Api, Resource};
use etag_core::{MemoryStore, Versioned};
use serde::{Deserialize, Serialize};
use utoipa::{ToSchema, openapi::OpenApi};
use uuid::Uuid;

use crate::support::*;

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "boards", validator = revision)]
struct Board {
    #[versioned(id)]
    #[schema(value_type = String, format = "uuid")]
    id: Uuid,
    name: String,
    #[versioned(revision)]
    revision: u64,
}

fn api() -> Client {
    let api = Api::new(MemoryStore::new()).title("A board").version("1.2.3");
    Client(api.resource(Resource::<Board>::new()).resource(Resource::<Task>::new().read_only()).router())
}

#[tokio::test]
async fn the_description_is_what_it_was() {
    insta::assert_json_snapshot!(api().get("/openapi.json", &[]).await.json());
}

#[tokio::test]
async fn the_description_is_open_api() {
    let description = api().get("/openapi.json", &[]).await;
    let document: OpenApi = serde_json::from_slice(&description.body).unwrap();
    assert_eq!(description.json()["openapi"], "3.1.0");
    assert!(document.paths.paths.contains_key("/boards/{id}"));
}

#[tokio::test]
async fn every_reference_is_defined() {
    fn references(value: &serde_json::Value, found: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(members) => members.iter().for_each(|(name, value)| match value.as_str() {
                Some(path) if name == "$ref" => found.push(path.to_owned()),
                _ => references(value, found),
            }),
            serde_json::Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let (document, mut found) = (api().get("/openapi.json", &[]).await.json(), Vec::new());
    references(&document, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        assert!(document.pointer(reference.strip_prefix('#').unwrap()).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn writes_tell_their_conditions_and_refusals() {
    let document = api().get("/openapi.json", &[]).await.json();
    for method in ["put", "patch", "delete"] {
        let operation = &document["paths"]["/boards/{id}"][method];
        for status in ["400", "409", "412", "413", "422", "428", "431", "503"] {
            assert!(operation["responses"].get(status).is_some(), "{method} {status}");
        }
        assert!(operation["parameters"].to_string().contains("IfMatch"), "{method}");
    }
    assert!(document["paths"]["/tasks/{id}"].get("put").is_none());
}

#[tokio::test]
async fn the_description_is_itself_conditional() {
    let api = api();
    let etag = api.get("/openapi.json", &[]).await.etag();
    assert_eq!(api.get("/openapi.json", &[&if_none_match(&etag)]).await.status, 304);
}
