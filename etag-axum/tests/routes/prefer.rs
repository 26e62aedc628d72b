//! `Prefer` (RFC 7240, RFC 8144).

use crate::support::*;

#[tokio::test]
async fn minimal_answers_have_no_body() {
    let api = tasks();
    let created = api.put("/tasks/1", &["Prefer: return=minimal"], r#"{"title":"milk"}"#).await;
    assert_eq!((created.status.as_u16(), created.body.len()), (201, 0));
    assert_eq!(created.header("location"), Some("/tasks/1"));
    let condition = if_match(&created.etag());
    let replaced = api.put("/tasks/1", &[&condition, "prefer: wait=1, RETURN=Minimal"], r#"{"title":"eggs"}"#).await;
    assert_eq!((replaced.status.as_u16(), replaced.body.len()), (204, 0));
    assert_eq!(replaced.header("preference-applied"), Some("return=minimal"));
    let condition = if_match(&replaced.etag());
    let patched =
        api.merge("/tasks/1", &[&condition, "Prefer: wait=1", "Prefer: return=minimal"], r#"{"title":"tea"}"#).await;
    assert_eq!((patched.status.as_u16(), patched.etag()), (204, api.get("/tasks/1", &[]).await.etag()));
}

#[tokio::test]
async fn a_412_gives_the_current_representation_to_who_prefers_it() {
    let api = tasks();
    let stale = api.create("/tasks/1", "milk").await;
    api.put("/tasks/1", &["If-Match: *"], r#"{"title":"eggs"}"#).await;
    let current = api.get("/tasks/1", &[]).await;
    let preferred = ["Prefer: return=representation", &if_match(&stale)];
    for refused in [
        api.put("/tasks/1", &preferred, r#"{"title":"tea"}"#).await,
        api.merge("/tasks/1", &preferred, r#"{"title":"tea"}"#).await,
        api.delete("/tasks/1", &preferred).await,
    ] {
        assert_eq!((refused.status.as_u16(), refused.etag()), (412, current.etag()));
        assert_eq!((&refused.body, refused.header("content-type")), (&current.body, Some("application/json")));
        assert_eq!(refused.header("content-location"), Some("/tasks/1"));
        assert_eq!(refused.header("preference-applied"), Some("return=representation"));
    }
}

#[tokio::test]
async fn a_412_of_what_is_missing_is_a_problem_whatever_is_preferred() {
    let refused =
        tasks().put("/tasks/1", &["Prefer: return=representation", "If-Match: *"], r#"{"title":"tea"}"#).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (412, "condition-failed".to_owned()));
    assert_eq!((refused.header("etag"), refused.header("preference-applied")), (None, None));
}
