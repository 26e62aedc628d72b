//! A server of this test's own models, in its process.

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use etag_axum::{Api, Resource};
use etag_core::{MemoryStore, Versioned};
use etag_postgres::PostgresStore;
use etag_sqlite::SqliteStore;
use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use tokio::{net::TcpListener, runtime::Runtime};
use utoipa::ToSchema;

use crate::support::{Client, Store};

/// A page, whose editors its comments leave alone.
#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "pages", validator = revision, changes = 20)]
struct Page {
    #[versioned(id)]
    id: String,
    text: String,
}

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "comments", validator = revision)]
struct Comment {
    #[versioned(id)]
    id: String,
    #[versioned(parent(Page, touch = content, lock = own, on_delete = cascade))]
    page_id: String,
    text: String,
}

/// A running server.
pub(crate) struct Served {
    address: SocketAddr,
    _runtime: Runtime,
    _directory: TempDir,
}

impl Served {
    /// Pages and their comments.
    pub(crate) fn start(store: Store) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let runtime = Runtime::new().expect("a runtime");
        let router = runtime.block_on(router(store, &directory));
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        runtime.spawn(async { axum::serve(listener, router).await });
        Self { address, _runtime: runtime, _directory: directory }
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.address)
    }
}

async fn router(store: Store, directory: &TempDir) -> Router {
    let api = match store {
        Store::Sqlite => Api::new(SqliteStore::open(directory.path().join("pages.db")).await.expect("a new file")),
        Store::Memory => Api::new(MemoryStore::new()),
        Store::Postgres(url) => Api::new(PostgresStore::open(url).await.expect("a new database")),
    };
    api.resource(Resource::<Page>::new()).resource(Resource::<Comment>::new()).router()
}
