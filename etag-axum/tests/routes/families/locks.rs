//! Touches that leave a parent's editors alone (rule F5).

use etag_core::{Batch, Expectation, Versioned, put_document};

use super::*;
use crate::{spy::Spy, support::*};

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

/// A page over a store that another write can overtake, and its tag.
async fn overtaken() -> (Client, Spy, String) {
    let spy = Spy::default();
    let api = Api::new(spy.clone()).resource(Resource::<Page>::new()).resource(Resource::<Comment>::new());
    let client = Client(api.router());
    let held = client.put("/pages/1", &[], "{}").await.etag();
    let comment = Comment { id: Uuid::nil(), page_id: "1".to_owned(), text: "hm".to_owned() };
    spy.be_overtaken_by(Batch::new().put(put_document(&spy, &comment, Expectation::Absent).unwrap()));
    spy.calls();
    (client, spy, held)
}

#[tokio::test]
async fn an_edit_that_a_touch_overtakes_is_done_at_once() {
    let (api, spy, held) = overtaken().await;
    let edited = api.merge("/pages/1", &[&if_match(&held)], r#"{"text":"new"}"#).await;
    assert_eq!((edited.status.as_u16(), spy.calls()["commit"]), (200, 1));
    assert_eq!(tag_of(&api, "/pages/1").await, edited.etag());
}

#[tokio::test]
async fn a_delete_that_a_touch_overtakes_is_looked_at_again() {
    let (api, _, held) = overtaken().await;
    let judged_here = ["If-None-Match: \"y\"", &if_match(&held)];
    assert_eq!(api.delete("/pages/1", &judged_here).await.status, 412);
    assert_eq!(api.get("/pages/1", &[]).await.status, 200);
}
