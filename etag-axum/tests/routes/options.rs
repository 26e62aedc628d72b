//! OPTIONS, and requests from other origins (rule H5).

use etag_axum::{Api, Resource};
use etag_core::MemoryStore;
use http::HeaderValue;

use crate::support::*;

#[tokio::test]
async fn options_tells_methods_and_patches() {
    let api = tasks();
    let item = api.call("OPTIONS /tasks/1", &[], "").await;
    assert_eq!(item.status, 204);
    assert_eq!(item.header("allow"), Some("GET, HEAD, PUT, PATCH, DELETE, OPTIONS"));
    assert_eq!(item.header("accept-patch"), Some("application/merge-patch+json, application/json-patch+json"));
    let collection = api.call("OPTIONS /tasks", &[], "").await;
    assert_eq!((collection.header("allow"), collection.header("accept-patch")), (Some("GET, HEAD, OPTIONS"), None));
}

#[tokio::test]
async fn a_read_only_resource_has_no_writes() {
    let api = serve(Resource::<Task>::new().read_only());
    for line in ["PUT /tasks/1", "PATCH /tasks/1", "DELETE /tasks/1", "POST /tasks"] {
        let refused = api.call(line, &[], "").await;
        assert_eq!((refused.status.as_u16(), refused.header("allow")), (405, Some("GET, HEAD, OPTIONS")), "{line}");
    }
}

#[tokio::test]
async fn unknown_methods_are_405() {
    for line in ["TRACE /tasks/1", "BREW /tasks", "POST /tasks/1", "DELETE /tasks"] {
        let refused = tasks().call(line, &[], "").await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (405, "method-not-allowed".to_owned()), "{line}");
        assert!(refused.header("allow").is_some());
    }
}

fn open() -> Client {
    let origins = ["https://app.example", "https://other.example"].map(HeaderValue::from_static);
    Client(Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).cors(origins).router())
}

#[tokio::test]
async fn cors_exposes_tags_and_allows_conditions() {
    let api = open();
    api.create("/tasks/1", "milk").await;
    let got = api.get("/tasks/1", &["Origin: https://app.example"]).await;
    assert_eq!(got.header("access-control-allow-origin"), Some("https://app.example"));
    for name in
        ["etag", "last-modified", "location", "link", "preference-applied", "retry-after", "accept-patch", "allow"]
    {
        assert!(got.header("access-control-expose-headers").unwrap().contains(name), "{name}");
    }
    let preflight = api
        .call("OPTIONS /tasks/1", &["Origin: https://app.example", "Access-Control-Request-Method: PATCH"], "")
        .await;
    assert!(preflight.status.is_success());
    assert!(preflight.header("access-control-allow-methods").unwrap().contains("PATCH"));
    for name in [
        "if-match",
        "if-none-match",
        "if-unmodified-since",
        "prefer",
        "idempotency-key",
        "content-type",
        "authorization",
    ] {
        assert!(preflight.header("access-control-allow-headers").unwrap().contains(name), "{name}");
    }
}

#[tokio::test]
async fn options_that_is_no_preflight_is_answered_by_the_resource() {
    assert!(open().call("OPTIONS /tasks/1", &[], "").await.header("allow").is_some());
}

#[tokio::test]
async fn errors_and_304_are_for_other_origins_too() {
    let api = open();
    let etag = api.create("/tasks/1", "milk").await;
    for headers in [&[&*if_none_match(&etag)][..], &["If-Match: \"x\""]] {
        let headers = [headers, &["Origin: https://app.example"]].concat();
        let answer = api.get("/tasks/1", &headers).await;
        assert_eq!(answer.header("access-control-allow-origin"), Some("https://app.example"));
        assert!(answer.header("vary").unwrap().contains("origin"));
    }
}
