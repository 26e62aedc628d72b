//! The body of a batch: its form, before anything in it is looked up.

use std::collections::HashMap;

use etag_core::Violations;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use serde_json::value::RawValue;

use super::{members::Members, reference};
use crate::{
    limits::Limits,
    problem::{Problem, ProblemKind},
};

/// What an item may say in headers. Who is asking is said by the request around it: an item that could say so would get
/// past whoever checked that request on its way here.
const ALLOWED: [HeaderName; 5] = [
    header::CONTENT_TYPE,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    header::IF_UNMODIFIED_SINCE,
    HeaderName::from_static("prefer"),
];

/// One item as it was sent, in good form.
#[derive(Debug)]
pub(super) struct Sent<'d> {
    pub(super) id: Option<String>,
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    /// The index of the earlier item whose tag is the condition.
    pub(super) if_match: Option<usize>,
    pub(super) body: Option<&'d RawValue>,
}

/// Where the items with ids stand.
pub(super) type Names = HashMap<String, usize>;

/// All items, and their names.
#[derive(Debug)]
pub(super) struct Envelope<'d> {
    pub(super) items: Vec<Sent<'d>>,
    pub(super) names: Names,
}

/// Reads the body of a batch.
///
/// # Errors
/// 400 where it is no JSON, 413 where it has too many items, 422 with every mistake of form and where it is.
pub(super) fn read<'d>(body: &'d [u8], limits: &Limits) -> Result<Envelope<'d>, Problem> {
    let body = serde_json::from_slice(body).map_err(|error| Problem::malformed_body(&error))?;
    let items = items(body)?;
    if items.len() > limits.batch_items {
        return Err(too_many(items.len(), limits.batch_items));
    }
    let mut reader = Reader { names: Names::new(), mistakes: Violations::new(), noted: 0 };
    let items: Vec<_> = items.into_iter().enumerate().filter_map(|(index, item)| reader.item(index, item)).collect();
    reader.mistakes.into_result().map_err(|mistakes| Problem::invalid(&mistakes))?;
    Ok(Envelope { items, names: reader.names })
}

fn items(body: &RawValue) -> Result<Vec<&RawValue>, Problem> {
    let invalid = |pointer: &str, message: &str| Problem::invalid_member(pointer.to_owned(), message.to_owned());
    let members = Members::of(body).ok_or_else(|| invalid("", "must be an object with the member `items`"))?;
    if let Some((name, _)) = members.0.iter().find(|(name, _)| name != "items") {
        return Err(invalid(&pointer(&[name]), "is no member of a batch; it has `items` alone"));
    }
    let [(_, items)] = members.0[..] else { return Err(invalid("/items", "must be there once")) };
    let items: Vec<&RawValue> =
        serde_json::from_str(items.get()).map_err(|_| invalid("/items", "must be a list of items"))?;
    if items.is_empty() { Err(invalid("/items", "must have at least one item")) } else { Ok(items) }
}

fn too_many(count: usize, limit: usize) -> Problem {
    let detail = format!("the batch has {count} items; send at most {limit}");
    Problem::new(ProblemKind::BodyTooLarge, detail)
}

/// A JSON Pointer (RFC 6901).
fn pointer(names: &[&str]) -> String {
    let escaped = names.iter().flat_map(|name| ["/".to_owned(), name.replace('~', "~0").replace('/', "~1")]);
    escaped.collect()
}

/// The most mistakes that are told: an answer should not be larger than what it answers.
const MOST_MISTAKES: usize = 100;

/// Reads items, and notes every mistake.
struct Reader {
    names: Names,
    mistakes: Violations,
    noted: usize,
}

impl Reader {
    fn note(&mut self, index: usize, member: &str, message: impl Into<String>) {
        let names: &[&str] = if member.is_empty() { &[] } else { &[member] };
        self.note_at(index, names, message.into());
    }

    fn note_header(&mut self, index: usize, name: &str, message: impl Into<String>) {
        self.note_at(index, &["headers", name], message.into());
    }

    fn note_at(&mut self, index: usize, names: &[&str], message: String) {
        if self.noted < MOST_MISTAKES {
            self.mistakes.add(format!("/items/{index}{}", pointer(names)), message);
        }
        self.noted += 1;
    }

    fn item<'d>(&mut self, index: usize, item: &'d RawValue) -> Option<Sent<'d>> {
        let Some(members) = Members::of(item) else {
            self.note(index, "", "must be an object with the members `method` and `path`");
            return None;
        };
        members.repeated().for_each(|name| self.note(index, name, "must not come twice"));
        let mut given = Given::default();
        for (name, value) in &members.0 {
            match name.as_str() {
                "id" => given.id = self.text(index, "id", value),
                "method" => given.method = self.text(index, "method", value),
                "path" => given.path = self.text(index, "path", value),
                "headers" => given.headers = Some(value),
                "body" => given.body = Some(value),
                _ => self.note(index, name, "is no member of an item; they are id, method, path, headers and body"),
            }
        }
        self.sent(index, given)
    }

    fn text(&mut self, index: usize, name: &str, value: &RawValue) -> Option<String> {
        let text = serde_json::from_str(value.get()).ok();
        if text.is_none() {
            self.note(index, name, "must be a string");
        }
        text
    }

    fn sent<'d>(&mut self, index: usize, given: Given<'d>) -> Option<Sent<'d>> {
        let method = self.method(index, given.method.as_deref(), given.body.is_some());
        let path = self.path(index, given.path);
        let (headers, if_match) = given.headers.map_or_else(Default::default, |headers| self.headers(index, headers));
        // After the references, of which none is to an item itself.
        if let Some(id) = &given.id {
            self.name(index, id);
        }
        let headers = with_type(headers, method.as_ref());
        self.check(index, method.as_ref(), &headers);
        Some(Sent { id: given.id, method: method?, path: path?, headers, if_match, body: given.body })
    }

    fn method(&mut self, index: usize, method: Option<&str>, has_body: bool) -> Option<Method> {
        let method = match method {
            Some("POST") => Method::POST,
            Some("PUT") => Method::PUT,
            Some("PATCH") => Method::PATCH,
            Some("DELETE") => Method::DELETE,
            Some("HEAD") => Method::HEAD,
            _ => {
                self.note(index, "method", "must be POST, PUT, PATCH, DELETE, or HEAD for a condition without a write");
                return None;
            }
        };
        let takes_body = !matches!(method, Method::DELETE | Method::HEAD);
        if takes_body != has_body {
            self.note(index, "body", if has_body { "must be left out" } else { "must be there" });
        }
        Some(method)
    }

    fn path(&mut self, index: usize, path: Option<String>) -> Option<String> {
        let is_path =
            |path: &String| path.starts_with('/') && !path.contains(['?', '#']) && path.parse::<Uri>().is_ok();
        let path = path.filter(is_path);
        if path.is_none() {
            self.note(
                index,
                "path",
                "must be the path of a resource or a collection, percent-encoded and without a query",
            );
        }
        path
    }

    fn name(&mut self, index: usize, id: &str) {
        if !reference::is_name(id) {
            self.note(index, "id", "must be 1 to 64 letters, digits, `-` and `_`");
        } else if self.names.insert(id.to_owned(), index).is_some() {
            self.note(index, "id", "is the id of an earlier item, too");
        }
    }

    fn headers(&mut self, index: usize, headers: &RawValue) -> (HeaderMap, Option<usize>) {
        let (mut map, mut if_match) = (HeaderMap::new(), None);
        let Some(members) = Members::of(headers) else {
            self.note(index, "headers", "must be an object of strings");
            return (map, None);
        };
        for (name, value) in &members.0 {
            match self.header(name, value) {
                Ok((known, value)) if !map.contains_key(&known) => drop(map.insert(known, value)),
                Ok(_) => self.note_header(index, name, "must not come twice; one line can hold a list"),
                Err(Header::Reference(earlier)) => if_match = Some(earlier),
                Err(Header::Mistake(message)) => self.note_header(index, name, message),
            }
        }
        if if_match.is_some() && map.keys().any(is_condition) {
            self.note(index, "headers", "must have no other condition beside the tag of an earlier item");
        }
        (map, if_match)
    }

    fn header(&self, name: &str, value: &RawValue) -> Result<(HeaderName, HeaderValue), Header> {
        let known = HeaderName::try_from(name).ok().filter(|name| ALLOWED.contains(name));
        let mistake = |message: &str| Header::Mistake(message.to_owned());
        let name =
            known.ok_or_else(|| mistake("is no header of an item; they are Content-Type, conditions and Prefer"))?;
        let text: String = serde_json::from_str(value.get()).map_err(|_| mistake("must be a string"))?;
        if name == header::IF_MATCH && text.starts_with('$') {
            let earlier = reference::tag_of(&text, &self.names).map_err(Header::Mistake)?;
            return Err(Header::Reference(earlier));
        }
        let value = HeaderValue::from_bytes(text.as_bytes());
        Ok((name, value.map_err(|_| mistake("must be without control characters"))?))
    }

    fn check(&mut self, index: usize, method: Option<&Method>, headers: &HeaderMap) {
        let other = headers.keys().find(|name| is_condition(name) && **name != header::IF_MATCH);
        if method == Some(&Method::HEAD) && other.is_some() {
            self.note(index, "headers", "must have no condition but If-Match, which is what HEAD checks");
        }
    }
}

/// A header that is not one to be passed on.
enum Header {
    /// The condition is the tag of this earlier item.
    Reference(usize),
    Mistake(String),
}

/// The members of an item, of which each may be missing.
#[derive(Default)]
struct Given<'d> {
    id: Option<String>,
    method: Option<String>,
    path: Option<String>,
    headers: Option<&'d RawValue>,
    body: Option<&'d RawValue>,
}

pub(super) fn is_condition(name: &HeaderName) -> bool {
    name.as_str().starts_with("if-")
}

/// What stands in JSON is JSON; only of a patch there are two kinds.
fn with_type(mut headers: HeaderMap, method: Option<&Method>) -> HeaderMap {
    if matches!(method, Some(&Method::POST | &Method::PUT)) {
        headers.entry(header::CONTENT_TYPE).or_insert(crate::respond::JSON);
    }
    headers
}
