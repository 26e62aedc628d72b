//! Touches that leave a parent's editors alone (rule F5).

use etag_core::Versioned;

use super::*;
use crate::support::*;

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "comments", validator = revision)]
struct Comment {
    #[versioned(id)]
    id: Uuid,
    #[versioned(parent(Page, touch = content, lock = own, on_delete = cascade))]
    page_id: String,
    #[serde(default)]
    text: String,
}

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "pages", validator = digest)]
struct Page {
    #[versioned(id)]
    id: String,
    #[serde(default)]
    text: String,
}

/// A page, its tag before it got a comment, and its tag since.
async fn commented() -> (Client, String, String) {
    let api = Api::new(MemoryStore::new()).resource(Resource::<Page>::new()).resource(Resource::<Comment>::new());
    let client = Client(api.router());
    let held = client.put("/pages/1", &[], "{}").await.etag();
    let comment = client.post("/pages/1/comments", &[], r#"{"text":"hm"}"#).await;
    let [[_, _, before, now]] = &links(&comment)[..] else { panic!("{comment:?}") };
    assert_eq!(before, &held);
    let now = now.clone();
    (client, held, now)
}

#[tokio::test]
async fn an_editor_needs_no_refresh_after_a_childs_write() {
    let edits: [(&str, &str); 2] = [("PUT", "application/json"), ("PATCH", "application/merge-patch+json")];
    for (method, kind) in edits {
        for extra in [&[][..], &["If-None-Match: \"y\""]] {
            let (api, held, _) = commented().await;
            let (kind, condition) = (format!("Content-Type: {kind}"), if_match(&held));
            let headers = [&[&*kind, &*condition], extra].concat();
            let edited = api.call(&format!("{method} /pages/1"), &headers, r#"{"text":"new"}"#).await;
            assert_eq!(edited.status, 200, "{method} {extra:?}");
            let again = api.call(&format!("{method} /pages/1"), &headers, r#"{"text":"newer"}"#).await;
            assert_eq!(again.status, 412, "{method} {extra:?}: another's edit is seen");
        }
    }
}

#[tokio::test]
async fn a_delete_and_a_cache_compare_all_of_the_tag() {
    let (api, held, now) = commented().await;
    assert_eq!(api.get("/pages/1", &[&if_none_match(&held)]).await.status, 200);
    assert_eq!(api.get("/pages/1", &[&if_none_match(&now)]).await.status, 304);
    assert_eq!(api.delete("/pages/1", &[&if_match(&held)]).await.status, 412);
    assert_eq!(api.delete("/pages/1", &[&if_match(&held), "If-None-Match: \"y\""]).await.status, 412);
    assert_eq!(api.delete("/pages/1", &[&if_match(&now)]).await.status, 204);
}

#[tokio::test]
async fn a_patch_whose_state_is_touched_meanwhile_is_done() {
    let (api, held, _) = commented().await;
    let comment = api.post("/pages/1/comments", &[], "{}").await;
    assert_eq!(comment.status, 201);
    let edited = api.merge("/pages/1", &[&if_match(&held)], r#"{"text":"new"}"#).await;
    assert_eq!(edited.status, 200);
    assert_eq!(tag_of(&api, "/pages/1").await, edited.etag());
}
