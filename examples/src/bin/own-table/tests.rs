//! The bookkeeping over HTTP, and what its own program sees of it.

use std::path::PathBuf;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    response::Response,
};
use etag_sqlite::{SqliteStore, rusqlite::Connection};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::{open, routes};

struct Bookkeeping {
    directory: TempDir,
    store: SqliteStore,
    routes: Router,
}

impl Bookkeeping {
    async fn open() -> Self {
        Self::open_in(TempDir::new().unwrap()).await
    }

    async fn open_in(directory: TempDir) -> Self {
        let store = open(&directory.path().join("bookkeeping.db")).await.unwrap();
        Self { routes: routes(store.clone()), store, directory }
    }

    async fn reopened(self) -> Self {
        etag_core::Store::close(&self.store).await;
        Self::open_in(self.directory).await
    }

    fn file(&self) -> PathBuf {
        self.directory.path().join("bookkeeping.db")
    }

    async fn ask(&self, request: Request<Body>) -> Response {
        self.routes.clone().oneshot(request).await.unwrap()
    }

    async fn get(&self, path: &str) -> (String, Value) {
        let response = self.ask(Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let tag = tag_of(&response);
        (tag, json_of(response).await)
    }

    async fn tag(&self, path: &str) -> String {
        self.get(path).await.0
    }

    async fn put(&self, path: &str, tag: &str, value: &Value) -> Response {
        let request = Request::put(path).header(header::IF_MATCH, tag).header(header::CONTENT_TYPE, "application/json");
        self.ask(request.body(Body::from(value.to_string())).unwrap()).await
    }

    async fn delete(&self, path: &str, tag: &str) -> StatusCode {
        let request = Request::delete(path).header(header::IF_MATCH, tag).body(Body::empty()).unwrap();
        self.ask(request).await.status()
    }

    /// What the program sees whose tables these are.
    fn seen<T: etag_sqlite::rusqlite::types::FromSql>(&self, query: &str) -> T {
        Connection::open(self.file()).unwrap().query_row(query, [], |row| row.get(0)).unwrap()
    }
}

fn tag_of(response: &Response) -> String {
    response.headers()[header::ETAG].to_str().unwrap().to_owned()
}

async fn json_of(response: Response) -> Value {
    serde_json::from_slice(&to_bytes(response.into_body(), 1 << 20).await.unwrap()).unwrap()
}

#[tokio::test]
async fn rows_from_before_are_served_with_tags_that_stay() {
    let bookkeeping = Bookkeeping::open().await;
    let (tag, invoice) = bookkeeping.get("/invoices/2").await;
    let expected = json!({ "id": 2, "customer": "Gärtnerei Ölbaum", "issued": "2026-11-15", "paid": false });
    assert_eq!(invoice, expected);
    let bookkeeping = bookkeeping.reopened().await;
    assert_eq!(bookkeeping.tag("/invoices/2").await, tag);
}

#[tokio::test]
async fn lines_are_listed_under_their_invoice() {
    let bookkeeping = Bookkeeping::open().await;
    let (_, page) = bookkeeping.get("/invoices/1/lines").await;
    let items: Vec<_> = page["items"].as_array().unwrap().iter().map(|line| line["value"]["item"].clone()).collect();
    assert_eq!(items, ["Flour, 25 kg", "Delivery"]);
}

#[tokio::test]
async fn an_update_stands_in_the_columns_and_a_stale_one_is_refused() {
    let bookkeeping = Bookkeeping::open().await;
    let (tag, mut invoice) = bookkeeping.get("/invoices/2").await;
    invoice["paid"] = json!(true);
    assert_eq!(bookkeeping.put("/invoices/2", &tag, &invoice).await.status(), StatusCode::OK);
    assert_eq!(bookkeeping.seen::<i64>("SELECT sum(paid) FROM invoices"), 2);
    invoice["customer"] = json!("mine");
    let stale = bookkeeping.put("/invoices/2", &tag, &invoice).await;
    assert_eq!(stale.status(), StatusCode::PRECONDITION_FAILED);
    // The change log is the store's.
    assert!(json_of(stale).await.to_string().contains("\"paid\""));
}

#[tokio::test]
async fn a_lines_change_changes_its_invoices_tag_and_not_its_columns() {
    let bookkeeping = Bookkeeping::open().await;
    let (before, invoice) = bookkeeping.get("/invoices/1").await;
    let (tag, mut line) = bookkeeping.get("/lines/1").await;
    line["quantity"] = json!(5);
    assert_eq!(bookkeeping.put("/lines/1", &tag, &line).await.status(), StatusCode::OK);
    let (after, same) = bookkeeping.get("/invoices/1").await;
    assert_ne!(before, after);
    assert_eq!(invoice, same);
    assert_eq!(bookkeeping.delete("/invoices/1", &before).await, StatusCode::PRECONDITION_FAILED);
}

#[tokio::test]
async fn a_delete_takes_the_lines_along_under_the_tables_foreign_key() {
    let bookkeeping = Bookkeeping::open().await.reopened().await;
    let tag = bookkeeping.tag("/invoices/1").await;
    assert_eq!(bookkeeping.delete("/invoices/1", &tag).await, StatusCode::NO_CONTENT);
    assert_eq!(bookkeeping.seen::<i64>("SELECT count(*) FROM invoice_lines WHERE invoice_id = 1"), 0);
    assert_eq!(bookkeeping.seen::<i64>("SELECT count(*) FROM invoice_lines"), 1);
}

#[tokio::test]
async fn what_the_tables_check_is_checked() {
    let bookkeeping = Bookkeeping::open().await;
    let (tag, mut line) = bookkeeping.get("/lines/3").await;
    line["quantity"] = json!(0);
    let refused = bookkeeping.put("/lines/3", &tag, &line).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(json_of(refused).await.to_string().contains("quantity > 0"));
    assert_eq!(bookkeeping.tag("/lines/3").await, tag);
}

#[tokio::test]
async fn columns_of_no_document_keep_what_they_hold() {
    let bookkeeping = Bookkeeping::open().await;
    let theirs = "ALTER TABLE invoices ADD COLUMN note TEXT; UPDATE invoices SET note = 'call first' WHERE id = 2";
    Connection::open(bookkeeping.file()).unwrap().execute_batch(theirs).unwrap();
    let (tag, mut invoice) = bookkeeping.get("/invoices/2").await;
    invoice["customer"] = json!("Ölbaum GmbH");
    assert_eq!(bookkeeping.put("/invoices/2", &tag, &invoice).await.status(), StatusCode::OK);
    assert_eq!(
        bookkeeping.seen::<String>("SELECT customer || ': ' || note FROM invoices WHERE id = 2"),
        "Ölbaum GmbH: call first"
    );
}
