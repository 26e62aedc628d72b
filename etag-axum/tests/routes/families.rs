//! Parents and children over HTTP (rules F1 to F6, H1, H8).

mod batches;
mod children;
mod conflicts;
mod filters;
mod locks;
mod openapi;
mod random_batches;
mod registration;
mod singletons;
mod touched;

use etag_axum::{AccessRequest, Action, Api, Denied, Principal, Resource};
use etag_core::{MemoryStore, Versioned};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::support::{Answer, Client};

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "boards", validator = revision)]
struct Board {
    #[versioned(id)]
    id: String,
    #[serde(default)]
    name: String,
}

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "cards", validator = revision, changes = 20)]
struct Card {
    #[versioned(id)]
    id: Uuid,
    #[versioned(parent(Board, touch = structure, on_delete = restrict))]
    board_id: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    done: bool,
}

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "details", validator = digest)]
struct Details {
    #[versioned(id, parent(Card, touch = content, on_delete = cascade))]
    card_id: Uuid,
    #[serde(default)]
    notes: String,
}

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "items", validator = revision)]
struct Item {
    #[versioned(id)]
    id: Uuid,
    #[versioned(parent(Card, touch = content, on_delete = cascade))]
    card_id: Uuid,
    #[serde(default)]
    title: String,
}

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "folders", validator = revision)]
struct Folder {
    #[versioned(id)]
    id: String,
    #[serde(default)]
    #[versioned(parent(Folder, touch = content, on_delete = detach))]
    inside: Option<String>,
    #[serde(default)]
    name: String,
}

fn details() -> Resource<Details> {
    Resource::new().starts_with_parent(|id: &Uuid| Details { card_id: *id, notes: String::new() })
}

fn all(api: Api) -> Api {
    api.resource(Resource::<Board>::new())
        .resource(Resource::<Card>::new().page_size(2, 3))
        .resource(details())
        .resource(Resource::<Item>::new())
        .resource(Resource::<Folder>::new())
}

/// The boards `a` and `b`, with nothing on them.
async fn boards() -> Client {
    with_boards(Client(all(Api::new(MemoryStore::new())).router())).await
}

async fn with_boards(client: Client) -> Client {
    for board in ["a", "b"] {
        assert_eq!(client.put(&format!("/boards/{board}"), &[], "{}").await.status, 201);
    }
    client
}

/// The same, where the header `Hide` names a collection that the caller may not read.
async fn hiding() -> Client {
    let hook = |request: AccessRequest| async move {
        let hidden = request.parts.headers.get("hide").map(|name| name.to_str().unwrap().to_owned());
        let is_hidden = request.action == Action::Read && hidden.as_deref() == Some(request.collection);
        if is_hidden { Err(Denied::Forbidden) } else { Ok(Principal::anonymous()) }
    };
    with_boards(Client(all(Api::new(MemoryStore::new())).authorize(hook).router())).await
}

/// Creates a card on a board, and gives its path and its tag.
async fn card(client: &Client, board: &str) -> (String, String) {
    let created = client.post(&format!("/boards/{board}/cards"), &[], r#"{"title":"milk"}"#).await;
    assert_eq!(created.status, 201, "{created:?}");
    (created.header("location").unwrap().to_owned(), created.etag())
}

/// The links of an answer: each one's path, relation, tag before and tag now.
fn links(answer: &Answer) -> Vec<[String; 4]> {
    let lines = answer.headers.get_all("link").iter().map(|line| line.to_str().unwrap());
    lines.map(link).collect()
}

fn link(line: &str) -> [String; 4] {
    let (path, rest) = line.strip_prefix('<').unwrap().split_once(">; rel=\"").unwrap();
    let (relation, rest) = rest.split_once("\"; etag-before=\"").unwrap();
    let (before, rest) = rest.split_once("\"; etag=\"").unwrap();
    let tags = [before, rest.strip_suffix('"').unwrap()].map(|tag| tag.replace("\\\"", "\"").replace(r"\\", r"\"));
    let [before, now] = tags;
    [path.to_owned(), relation.to_owned(), before, now]
}

async fn tag_of(client: &Client, path: &str) -> String {
    client.get(path, &[]).await.etag()
}
