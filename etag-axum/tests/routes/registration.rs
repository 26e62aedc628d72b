//! What the router refuses to be made of, and what a dialect changes.

use etag_axum::{Api, Resource};
use etag_core::{Comparison, Dialect, ETag, MemoryStore, Versioned};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::support::*;

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "weak", validator = digest(weak))]
struct Weak {
    #[versioned(id)]
    id: String,
    text: String,
    #[versioned(exclude)]
    views: u32,
}

#[test]
#[should_panic(expected = "choose a dialect that compares weakly")]
fn weak_digests_need_a_dialect_that_compares_weakly() {
    serve(Resource::<Weak>::new());
}

#[tokio::test]
async fn weak_digests_are_written_in_a_dialect_that_compares_weakly() {
    let dialect = Dialect { comparison: Comparison::Weak, ..Dialect::RFC_9110 };
    let api = Client(Api::new(MemoryStore::new()).resource(Resource::<Weak>::new()).dialect(dialect).router());
    let etag = api.put("/weak/1", &[], r#"{"text":"a","views":1}"#).await.etag();
    assert!(etag.starts_with("W/"));
    let replaced = api.put("/weak/1", &[&if_match(&etag)], r#"{"text":"b","views":1}"#).await;
    assert_eq!(replaced.status, 200);
    assert_eq!(api.merge("/weak/1", &[&if_match(&etag)], "{}").await.status, 412);
    assert_eq!(api.merge("/weak/1", &[&if_match(&replaced.etag())], r#"{"text":"c"}"#).await.status, 200);
}

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "foreign", validator = opaque)]
struct Foreign {
    #[versioned(id)]
    id: String,
    #[versioned(etag)]
    #[schema(value_type = String)]
    etag: ETag,
}

#[test]
#[should_panic(expected = "read_only()")]
fn opaque_tags_cant_be_written_here() {
    serve(Resource::<Foreign>::new());
}

#[test]
fn what_is_only_read_needs_no_dialect() {
    serve(Resource::<Foreign>::new().read_only());
    serve(Resource::<Weak>::new().read_only());
}

#[test]
#[should_panic(expected = "the second resource of the collection \"tasks\"")]
fn a_collection_is_registered_once() {
    let _ = Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).resource(Resource::<Task>::new()).router();
}

/// Its schema has the name of what describes a PUT of a `Task`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "inputs", validator = revision)]
struct TaskInput {
    #[versioned(id)]
    id: String,
}

#[test]
#[should_panic(expected = "the second model with the schema name \"TaskInput\"")]
fn no_schema_takes_the_name_of_another_models() {
    let both = Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).resource(Resource::<TaskInput>::new());
    let _ = both.router();
}

#[test]
#[should_panic(expected = "page sizes")]
fn page_sizes_are_in_order() {
    serve(Resource::<Task>::new().page_size(10, 5));
}

#[tokio::test]
async fn statuses_are_the_dialects() {
    let dialect = Dialect { missing_status: 403, mismatch_status: 409, malformed_status: 412, ..Dialect::RFC_9110 };
    let api = Client(Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).dialect(dialect).router());
    api.create("/tasks/1", "milk").await;
    assert_eq!(api.put("/tasks/1", &[], r#"{"title":"eggs"}"#).await.status, 403);
    assert_eq!(api.put("/tasks/1", &["If-Match: \"x\""], r#"{"title":"eggs"}"#).await.status, 409);
    assert_eq!(api.put("/tasks/1", &["If-Match: x"], r#"{"title":"eggs"}"#).await.status, 412);
    assert_eq!(api.get("/tasks/1", &["If-Match: \"x\""]).await.status, 409);
}

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "dated", validator = last_modified)]
struct Dated {
    #[versioned(id)]
    id: u64,
    text: String,
}

#[tokio::test]
async fn dated_models_are_written_under_dates_or_star() {
    let clock = Stopped::new();
    let api = Client(Api::new(store_at(&clock)).resource(Resource::<Dated>::new()).router());
    let created = api.put("/dated/1", &[], r#"{"text":"a"}"#).await;
    assert!(created.etag().starts_with("W/"));
    clock.advance(1);
    assert_eq!(api.put("/dated/1", &[&if_match(&created.etag())], r#"{"text":"b"}"#).await.status, 428);
    let unmodified = format!("If-Unmodified-Since: {}", created.header("last-modified").unwrap());
    assert_eq!(api.put("/dated/1", &[&unmodified], r#"{"text":"b"}"#).await.status, 200);
    clock.advance(1);
    assert_eq!(api.merge("/dated/1", &["If-Match: *"], r#"{"text":"c"}"#).await.status, 200);
    assert_eq!(api.put("/dated/1", &[&unmodified], r#"{"text":"d"}"#).await.status, 412);
}
