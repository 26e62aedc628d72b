//! A board with cards, and a server of our own.

use etag_core::{
    Batch, Committed, ContentDigest, Delete, Derives, Error, Expectation, Head, Hold, Key, LinkRule, Lock, OnDelete,
    ParentLink, Put, Store, TagPlan, Touch,
};
use etag_postgres::PostgresStore;
use tokio_postgres::{Client, NoTls, Transaction};

pub(crate) async fn store() -> PostgresStore {
    PostgresStore::open(database()).await.unwrap()
}

/// The URL of a new empty database.
pub(crate) fn database() -> String {
    private_postgres::shared().fresh_database().unwrap()
}

#[expect(clippy::needless_pass_by_value, reason = "a number or a text, as it comes")]
pub(crate) fn board(id: impl ToString) -> Key {
    Key::new("boards", id.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "a number or a text, as it comes")]
pub(crate) fn card(id: impl ToString) -> Key {
    Key::new("cards", id.to_string())
}

pub(crate) const CASCADE: LinkRule =
    LinkRule { touch: Touch::Content, lock: Lock::Family, on_delete: OnDelete::Cascade, derives: Derives::Nothing };

pub(crate) const RESTRICT: LinkRule = LinkRule { on_delete: OnDelete::Restrict, ..CASCADE };

pub(crate) fn put(key: Key, expectation: Expectation, text: &str) -> Put {
    let body = format!(r#"{{"text":"{text}"}}"#);
    let mut content = [0_u8; 16];
    for (index, byte) in body.bytes().enumerate() {
        content[index % 16] = content[index % 16].wrapping_mul(31).wrapping_add(byte);
    }
    Put::new(key, expectation, TagPlan::Revision, ContentDigest::from_bytes(content), 1, body.into())
}

pub(crate) fn child(mut put: Put, parent: Key, rule: LinkRule) -> Put {
    let link = ParentLink { name: "board".into(), parent, rule, hold: Hold::Held };
    put.parents = [link].into_iter().collect();
    put
}

pub(crate) fn delete(key: Key, expectation: Expectation) -> Delete {
    Delete::new(key, expectation)
}

pub(crate) async fn commit(store: &PostgresStore, item: impl Into<etag_core::Item>) -> Result<Committed, Error> {
    store.commit(Batch::new().with(item)).await
}

pub(crate) async fn head(store: &PostgresStore, key: &Key) -> Head {
    store.head(key).await.unwrap().expect("it is there")
}

/// Another program's connection.
pub(crate) async fn client(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Waits until so many sessions of this database wait for a lock.
pub(crate) async fn until_waiting(client: &Transaction<'_>, count: usize) {
    let waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while client.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0) < i64::try_from(count).unwrap() {
        // Within a transaction one sees what was looked at first, until it is thrown away.
        client.batch_execute("SELECT pg_stat_clear_snapshot()").await.unwrap();
    }
}
