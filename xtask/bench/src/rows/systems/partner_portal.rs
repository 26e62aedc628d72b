//! The partner portal: an offer, which is replaced.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::{Request, Response, StatusCode, header};
use bytes::Bytes;
use serde_json::json;

use super::system::{System, TITLE, get, in_header, json, made, with};
use crate::connection::Connection;

/// The names of offers are the client's to choose.
static MADE: AtomicU64 = AtomicU64::new(0);

pub(crate) struct Offer {
    path: String,
    text: String,
}

impl Offer {
    fn put(&self, tag: &str, title: &str) -> Request<Bytes> {
        let plans = json!([{ "planId": "small" }]);
        let definition = json!({ "displayText": title, "offer": { "summary": self.text }, "plans": plans });
        let draft = json!({ "offerTypeId": "microsoft-azure-virtualmachines", "definition": definition });
        with(json("PUT", &self.path, &draft), header::IF_MATCH, tag)
    }
}

impl System for Offer {
    const PROGRAM: &'static str = "partner-portal";
    const NAME: &'static str = "partner-portal";
    const WRITE: &'static str = "PUT";
    const REFUSAL: StatusCode = StatusCode::PRECONDITION_FAILED;

    async fn make(connection: &mut Connection, text: &str) -> Self {
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let path = format!("/api/publishers/contoso/offers/offer-{number}?api-version=2017-10-31");
        let offer = Self { path, text: text.to_owned() };
        made(connection, offer.put("*", TITLE)).await;
        offer
    }

    fn read(&self) -> Request<Bytes> {
        get(&self.path)
    }

    fn write(&self, tag: &str, title: &str) -> Request<Bytes> {
        self.put(tag, title)
    }

    fn tag(answer: &Response<Bytes>) -> String {
        in_header(answer)
    }
}
