//! Lists narrowed to the children of one parent by a parameter.

use super::*;
use crate::support::*;

#[tokio::test]
async fn a_list_is_narrowed_by_the_field_of_a_link() {
    let api = boards().await;
    for _ in 0..3 {
        card(&api, "a").await;
        card(&api, "b").await;
    }
    let page = api.get("/cards?board_id=b", &[]).await;
    assert_eq!(page.json()["items"].as_array().unwrap().len(), 2);
    let link = page.header("link").unwrap();
    let next = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\"")).unwrap();
    let last = api.get(next, &[]).await;
    assert_eq!(last.json()["items"].as_array().unwrap().len(), 1, "{next}");
    assert!(last.json()["items"].as_array().unwrap().iter().all(|item| item["value"]["board_id"] == "b"));
    assert_eq!(api.get("/cards?board_id=b", &[&if_none_match(&page.etag())]).await.status, 304);
}

#[tokio::test]
async fn two_filters_have_two_tags() {
    let api = boards().await;
    let [a, b] = [api.get("/cards?board_id=a", &[]).await, api.get("/cards?board_id=b", &[]).await];
    assert_eq!(a.body, b.body);
    assert_ne!(a.etag(), b.etag());
    assert_ne!(a.etag(), api.get("/cards", &[]).await.etag());
}

#[tokio::test]
async fn the_next_link_keeps_an_id_that_has_to_be_escaped() {
    let api = boards().await;
    assert_eq!(api.put("/boards/x%20%26y", &[], "{}").await.status, 201);
    for _ in 0..3 {
        card(&api, "x%20%26y").await;
    }
    let page = api.get("/cards?board_id=x%20%26y", &[]).await;
    let link = page.header("link").unwrap();
    let next = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\"")).unwrap();
    assert_eq!(api.get(next, &[]).await.json()["items"].as_array().unwrap().len(), 1, "{next}");
}

#[tokio::test]
async fn an_id_that_names_nothing_and_a_parameter_that_is_none_are_400() {
    let api = boards().await;
    for query in [
        "board_id=none",
        "board_id=",
        "board_id=a&board_id=b",
        "title=milk",
        "limit=1&limit=2",
        "limit=x",
        "limit=-1",
        "cursor=a&cursor=b",
    ] {
        let refused = api.get(&format!("/cards?{query}"), &[]).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (400, "malformed-query".to_owned()), "{query}");
    }
    assert_eq!(api.get("/items?card_id=none", &[]).await.problem(), "malformed-query");
    assert_eq!(api.get("/boards/a/cards?board_id=a", &[]).await.problem(), "malformed-query");
}

#[tokio::test]
async fn a_filter_does_not_tell_a_hidden_parent_from_a_missing_one() {
    let api = hiding().await;
    let [hidden, missing] =
        [api.get("/cards?board_id=a", &["Hide: boards"]).await, api.get("/cards?board_id=c", &["Hide: boards"]).await];
    assert_eq!((hidden.status.as_u16(), missing.status.as_u16()), (400, 400));
    let detail = |answer: &Answer| answer.json()["detail"].as_str().unwrap().replace("\"a\"", "\"c\"");
    assert_eq!(detail(&hidden), detail(&missing));
}
