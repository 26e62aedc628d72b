//! What can't be served of links.

use super::*;

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "people", validator = revision)]
struct Person {
    #[versioned(id)]
    id: String,
}

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "letters", validator = revision)]
struct Letter {
    #[versioned(id)]
    id: Uuid,
    #[versioned(parent(Person, touch = none, name = "sender"))]
    from: String,
    #[versioned(parent(Person, touch = none, name = "recipient"))]
    to: String,
}

fn letters(letters: Resource<Letter>) -> Client {
    let api = Api::new(MemoryStore::new()).resource(Resource::<Person>::new());
    Client(api.resource(letters).router())
}

#[test]
#[should_panic(
    expected = "`/people/{id}/letters` would be both `Letter` by its link \"sender\" and `Letter` by its link"
)]
fn two_links_to_one_parent_need_two_segments() {
    letters(Resource::new());
}

#[test]
#[should_panic(expected = "`Letter` has no link of this name")]
fn a_segment_is_for_a_link() {
    letters(Resource::new().nested("author", "sent"));
}

#[test]
#[should_panic(expected = "part of paths")]
fn a_segment_is_one_of_a_path() {
    letters(Resource::new().nested("sender", "a/b"));
}

#[tokio::test]
async fn each_link_has_its_own_path_and_filter() {
    let api = letters(Resource::new().nested("sender", "sent").nested("recipient", "received"));
    for id in ["ada", "bob"] {
        assert_eq!(api.put(&format!("/people/{id}"), &[], "{}").await.status, 201);
    }
    assert_eq!(api.post("/people/ada/sent", &[], r#"{"to":"bob"}"#).await.status, 201);
    let length = async |path: &str| api.get(path, &[]).await.json()["items"].as_array().unwrap().len();
    assert_eq!((length("/people/ada/sent").await, length("/people/ada/received").await), (1, 0));
    assert_eq!((length("/people/bob/sent").await, length("/people/bob/received").await), (0, 1));
    assert_eq!((length("/letters?from=ada").await, length("/letters?to=ada").await), (1, 0));
    assert_eq!(api.get("/letters?from=ada&to=bob", &[]).await.problem(), "malformed-query");
    assert_eq!(api.get("/people/ada/letters", &[]).await.status, 404);
}

#[test]
fn links_to_what_is_not_registered_need_no_segments() {
    let _router = Api::new(MemoryStore::new()).resource(Resource::<Letter>::new()).router();
}

#[test]
#[should_panic(expected = "put the link on the field with the id")]
fn what_starts_with_a_parent_has_its_id() {
    let items = Resource::<Item>::new();
    let items = items.starts_with_parent(|id: &Uuid| Item { id: *id, card_id: *id, title: String::new() });
    let _router = Api::new(MemoryStore::new()).resource(items).router();
}

#[test]
#[should_panic(expected = "the parent `Card` must be a resource, too")]
fn what_starts_with_a_parent_needs_the_parent() {
    let _router = Api::new(MemoryStore::new()).resource(details()).router();
}

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "covers", validator = revision)]
struct Cover {
    #[versioned(id, parent(Board, touch = content, on_delete = restrict))]
    board_id: String,
}

#[test]
#[should_panic(expected = "`Cover` starts with its parent, so it goes with it")]
fn what_starts_with_a_parent_goes_with_it() {
    let covers = Resource::<Cover>::new().starts_with_parent(|id: &String| Cover { board_id: id.clone() });
    let _router = Api::new(MemoryStore::new()).resource(Resource::<Board>::new()).resource(covers).router();
}
