//! The contacts: a person, whose condition is in the body.

use axum::http::{Request, Response, StatusCode};
use bytes::Bytes;
use serde_json::json;

use super::system::{System, TITLE, get, in_member, json, made};
use crate::connection::Connection;

const FIELDS: &str = "personFields=names,biographies";

pub(crate) struct Person {
    name: String,
}

impl System for Person {
    const PROGRAM: &'static str = "contacts";
    const NAME: &'static str = "contacts";
    const WRITE: &'static str = "PATCH";
    const REFUSAL: StatusCode = StatusCode::BAD_REQUEST;

    async fn make(connection: &mut Connection, text: &str) -> Self {
        let person = json!({ "names": [{ "givenName": TITLE }], "biographies": [{ "value": text }] });
        let person = made(connection, json("POST", &format!("/v1/people:createContact?{FIELDS}"), &person)).await;
        Self { name: person["resourceName"].as_str().expect("a person has a name").to_owned() }
    }

    fn read(&self) -> Request<Bytes> {
        get(&format!("/v1/{}?{FIELDS}", self.name))
    }

    fn write(&self, tag: &str, title: &str) -> Request<Bytes> {
        let path = format!("/v1/{}:updateContact?updatePersonFields=names&{FIELDS}", self.name);
        json("PATCH", &path, &json!({ "etag": tag, "names": [{ "givenName": title }] }))
    }

    fn tag(answer: &Response<Bytes>) -> String {
        in_member(answer, "etag")
    }
}
