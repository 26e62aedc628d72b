//! Dataverse: a row of a table, which is patched.

use axum::http::{Request, Response, StatusCode, header};
use bytes::Bytes;
use serde_json::json;

use super::system::{System, TITLE, get, in_member, json, made, returning, with};
use crate::connection::Connection;

const ACCOUNTS: &str = "/api/data/v9.2/accounts";

pub(crate) struct Account {
    path: String,
}

impl System for Account {
    const PROGRAM: &'static str = "dataverse";
    const NAME: &'static str = "dataverse";
    const WRITE: &'static str = "PATCH";
    const REFUSAL: StatusCode = StatusCode::PRECONDITION_FAILED;

    async fn make(connection: &mut Connection, text: &str) -> Self {
        let account = json!({ "name": TITLE, "description": text, "revenue": 3.5, "creditonhold": false });
        let account = made(connection, returning(json("POST", ACCOUNTS, &account))).await;
        Self { path: format!("{ACCOUNTS}({})", account["accountid"].as_str().expect("an account has an id")) }
    }

    fn read(&self) -> Request<Bytes> {
        get(&self.path)
    }

    fn write(&self, tag: &str, title: &str) -> Request<Bytes> {
        returning(with(json("PATCH", &self.path, &json!({ "name": title })), header::IF_MATCH, tag))
    }

    fn tag(answer: &Response<Bytes>) -> String {
        in_member(answer, "@odata.etag")
    }
}
