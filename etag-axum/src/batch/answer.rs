//! The answers to items, as members of the answer to their batch.

use std::collections::BTreeMap;

use axum::response::Response;
use bytes::Bytes;
use etag_core::Touched;
use http::{HeaderMap, StatusCode};
use http_body_util::{BodyExt as _, Collected};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{call::Call, respond};

/// The answer to one item.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ItemAnswer {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    status: u16,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Box<RawValue>>,
}

impl ItemAnswer {
    /// What a request of its own would have been answered with.
    pub(super) async fn of(id: Option<&str>, response: Response) -> Self {
        let (parts, body) = response.into_parts();
        // The bodies that are made here are whole already, and JSON.
        let body = body.collect().await.map_or_else(|_| Bytes::new(), Collected::to_bytes);
        let body = serde_json::from_slice(&body).ok();
        Self { id: id.map(str::to_owned), status: parts.status.as_u16(), headers: named(&parts.headers), body }
    }

    /// What is answered where another item is to blame (RFC 4918 §11.4).
    pub(super) fn dependent(id: Option<&str>) -> Self {
        let status = StatusCode::FAILED_DEPENDENCY.as_u16();
        Self { id: id.map(str::to_owned), status, headers: BTreeMap::new(), body: None }
    }
}

/// The headers, each one under its usual name.
fn named(headers: &HeaderMap) -> BTreeMap<String, String> {
    let lines = |name| {
        let lines: Vec<_> = headers.get_all(name).iter().map(|line| String::from_utf8_lossy(line.as_bytes())).collect();
        lines.join(", ")
    };
    headers.keys().map(|name| (usual(name.as_str()), lines(name))).collect()
}

/// A name as the RFCs spell it; in JSON case counts.
fn usual(name: &str) -> String {
    let word = |word: &str| match word {
        "etag" => "ETag".to_owned(),
        "www" => "WWW".to_owned(),
        _ => word.chars().take(1).map(|first| first.to_ascii_uppercase()).chain(word.chars().skip(1)).collect(),
    };
    name.split('-').map(word).collect::<Vec<_>>().join("-")
}

/// The answer to a batch that was done.
#[derive(Debug, Serialize)]
struct Done {
    items: Vec<ItemAnswer>,
    touched: Vec<TouchedAnswer>,
}

/// The tags of a resource that the batch changed and no item is about (rule F4).
#[derive(Debug, Serialize)]
pub(super) struct TouchedAnswer {
    path: String,
    before: String,
    after: Option<String>,
}

impl TouchedAnswer {
    /// What is told of a touched resource, where the caller may read it (rule H8).
    pub(super) async fn of(call: &Call<'_>, touched: &Touched) -> Option<Self> {
        let model = call.readable(&touched.key).await?.description();
        let text = |tag| String::from_utf8_lossy(model.publish(tag).as_bytes()).into_owned();
        let (before, after) = (text(&touched.before), touched.after.as_ref().map(text));
        Some(Self { path: call.path_of(&touched.key), before, after })
    }
}

/// 200: all of it was done.
pub(super) fn done(items: Vec<ItemAnswer>, touched: Vec<TouchedAnswer>) -> Response {
    let body = serde_json::to_vec(&Done { items, touched }).expect("an answer is plain data");
    respond::json(StatusCode::OK, body.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_have_their_usual_names() {
        for (name, shown) in [
            ("etag", "ETag"),
            ("last-modified", "Last-Modified"),
            ("www-authenticate", "WWW-Authenticate"),
            ("location", "Location"),
        ] {
            assert_eq!(usual(name), shown);
        }
    }
}
