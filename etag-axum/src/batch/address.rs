//! Items with their references resolved: what each is about, before anybody is asked whether it may be done.

use axum::extract::OriginalUri;
use bytes::Bytes;
use etag_core::{Key, Violations};
use http::{HeaderMap, HeaderName, Method, Request, Uri, header, request::Parts};
use serde_json::{Value, value::RawValue};

use super::{
    directory::Directory,
    envelope::{Envelope, Sent, is_condition},
    plan::Stop,
    reference::{Ids, Unresolved, may_refer},
};
use crate::{
    coding_layer::without_codings,
    idempotency::IDEMPOTENCY_KEY,
    limits::Limits,
    location,
    place::{Route, Target},
    problem::{Problem, ProblemKind},
};

/// One item of which it is known what it is about.
pub(super) struct Addressed<'d> {
    pub(super) index: usize,
    pub(super) sent: &'d Sent<'d>,
    pub(super) parts: Parts,
    pub(super) found: Found<'d>,
    /// The key of the resource that a POST makes.
    pub(super) made: Option<Key>,
    body: Bytes,
}

/// What a path names.
pub(super) enum Found<'d> {
    Place(&'d Route, Target),
    /// There is no such path.
    Nothing,
    /// It refers to an item that has no id.
    Dependent,
}

impl Addressed<'_> {
    /// The resource that the item is about.
    pub(super) fn key(&self) -> Option<&Key> {
        match &self.found {
            Found::Place(_, target) => self.made.as_ref().or(target.key()),
            Found::Nothing | Found::Dependent => None,
        }
    }

    pub(super) fn is_write(&self) -> bool {
        self.sent.method != Method::HEAD
    }

    pub(super) fn place(&self) -> Result<(&Route, &Target), Stop> {
        match &self.found {
            Found::Place(route, target) => Ok((route, target)),
            Found::Nothing => Err(Problem::not_found().into()),
            Found::Dependent => Err(Stop::Dependent),
        }
    }

    /// The id, in its form in a path and in a document.
    fn id(&self) -> Result<Option<(String, Value)>, Problem> {
        let (Found::Place(route, _), Some(key)) = (&self.found, self.key()) else { return Ok(None) };
        Ok(Some((key.id().to_owned(), route.endpoint.model.id_value(key)?)))
    }

    /// What is wrong with the reference to the tag of an earlier item, one of `items`.
    fn mistaken_tag(&self, items: &[Self]) -> Option<&'static str> {
        let earlier = &items[self.sent.if_match?];
        if earlier.sent.method == Method::DELETE {
            return Some("refers to an item that deletes, and so leaves no tag");
        }
        let is_another = self.key().zip(earlier.key()).is_some_and(|(own, earlier)| own != earlier);
        is_another.then_some("refers to the tag of another resource")
    }

    /// The place of the body in that of the batch.
    pub(super) fn body_pointer(&self) -> String {
        format!("/items/{}/body", self.index)
    }

    /// The body, with ids in place of references.
    pub(super) fn body(&self, limit: usize) -> Result<&[u8], Problem> {
        if self.body.len() <= limit {
            return Ok(&self.body);
        }
        Err(Problem::new(ProblemKind::BodyTooLarge, format!("the body is longer than {limit} bytes; send less")))
    }
}

/// Where the items of one request are, and what its items take from it.
pub(super) struct Addresses<'d> {
    pub(super) directory: &'d Directory,
    pub(super) limits: &'d Limits,
    /// The request around the items.
    pub(super) parts: &'d Parts,
    pub(super) envelope: &'d Envelope<'d>,
}

impl<'d> Addresses<'d> {
    /// All items. `made` gives the key of the resource that the POST with this index makes on this route.
    ///
    /// # Errors
    /// 422 with every reference that is wrong, 413 where the bodies grow past the limit of a batch.
    pub(super) fn resolve(&self, made: impl Fn(usize, &Route) -> Option<Key>) -> Result<Vec<Addressed<'d>>, Problem> {
        let mut known: Vec<Option<(String, Value)>> = Vec::new();
        let mut items: Vec<Addressed<'d>> = Vec::new();
        let (mut mistakes, mut room) = (Violations::new(), self.limits.batch_bytes);
        for (index, sent) in self.envelope.items.iter().enumerate() {
            let ids = Ids { names: &self.envelope.names, known: &known };
            let item = self.address(index, sent, &ids, &made, &mut mistakes);
            if let Some(message) = item.mistaken_tag(&items) {
                mistakes.add(format!("/items/{index}/headers/If-Match"), message);
            }
            room = room.checked_sub(item.body.len()).ok_or_else(|| too_long(self.limits.batch_bytes))?;
            known.push(item.id()?);
            items.push(item);
        }
        mistakes.into_result().map(|()| items).map_err(|mistakes| Problem::invalid(&mistakes))
    }

    fn address(
        &self,
        index: usize,
        sent: &'d Sent<'d>,
        ids: &Ids<'_>,
        made: impl Fn(usize, &Route) -> Option<Key>,
        mistakes: &mut Violations,
    ) -> Addressed<'d> {
        let mut note = |unresolved: Unresolved, member: &str| match unresolved.below(member) {
            Unresolved::Mistake { pointer, message } => mistakes.add(format!("/items/{index}{pointer}"), message),
            Unresolved::Dependent => {}
        };
        let path = ids.in_path(&sent.path);
        let asked = path.as_deref().ok().and_then(|path| path.parse().ok());
        let (parts, mut found) = self.place_of(sent, asked.unwrap_or_default());
        if let Err(unresolved) = path {
            found = Found::Dependent;
            note(unresolved, "path");
        }
        let body = self.body(sent, ids).unwrap_or_else(|unresolved| {
            found = Found::Dependent;
            note(unresolved, "body");
            Bytes::new()
        });
        let made = match &found {
            Found::Place(route, _) if sent.method == Method::POST => made(index, route),
            _ => None,
        };
        Addressed { index, sent, parts, found, made, body }
    }

    /// A request of its own, by whoever sent the one around it, and where it leads.
    fn place_of(&self, sent: &Sent<'_>, asked: Uri) -> (Parts, Found<'d>) {
        let below_root = asked.path().strip_prefix(location::root(self.parts)).and_then(|path| path.parse().ok());
        let (mut parts, ()) = Request::new(()).into_parts();
        parts.method = sent.method.clone();
        parts.version = self.parts.version;
        parts.headers = self.headers_of(sent);
        parts.extensions = self.parts.extensions.clone();
        parts.extensions.insert(OriginalUri(asked));
        let Some(uri) = below_root else { return (parts, Found::Nothing) };
        parts.uri = uri;
        let route = self.directory.find(parts.uri.path());
        let found = route.map_or(Found::Nothing, |route| Found::Place(route, Target::of(route, &parts)));
        (parts, found)
    }

    /// What is too long, or nested too deep, is refused with the item.
    fn body(&self, sent: &Sent<'_>, ids: &Ids<'_>) -> Result<Bytes, Unresolved> {
        let json = sent.body.map_or("", RawValue::get);
        let as_it_came = || Ok(Bytes::copy_from_slice(json.as_bytes()));
        if !may_refer(json) || json.len() > self.limits.body_bytes {
            return as_it_came();
        }
        let Ok(mut document) = serde_json::from_str(json) else { return as_it_came() };
        ids.in_document(&mut document)?;
        Ok(Bytes::from(Value::to_string(&document)))
    }

    fn headers_of(&self, sent: &Sent<'_>) -> HeaderMap {
        let shared = self.parts.headers.iter().filter(|(name, _)| !is_of_the_batch(name));
        let own = without_codings(sent.headers.clone());
        shared.chain(own.iter()).map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

/// Whether a header is about the request around the items, and not about who sends it.
fn is_of_the_batch(name: &HeaderName) -> bool {
    const OTHERS: [HeaderName; 6] = [
        header::TRANSFER_ENCODING,
        header::EXPECT,
        header::RANGE,
        header::TE,
        HeaderName::from_static("prefer"),
        IDEMPOTENCY_KEY,
    ];
    is_condition(name) || name.as_str().starts_with("content-") || OTHERS.contains(name)
}

/// Ids may be longer than the references to them.
fn too_long(limit: usize) -> Problem {
    let detail = format!("with ids in place of references the batch is longer than {limit} bytes; send less");
    Problem::new(ProblemKind::BodyTooLarge, detail)
}
