//! A part of a batch as a request to the router.

use std::{borrow::Cow, str::FromStr as _};

use axum::{body::Body, extract::Request, response::IntoResponse as _};
use etag_core::{BatchPart, PartAnswer, PartReferences, Refusal, RefusalKind};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header, request::Parts};
use tower::ServiceExt as _;

use super::{
    OuterHeaders, RequestBatch,
    answer::{collect, is_of_connection},
    reference::{Created, Unknown, lost_reference},
    target::Root,
};
use crate::{
    exchange::{Asker, Refused},
    idempotency::IDEMPOTENCY_KEY,
    location,
};

/// What [`OuterHeaders::Origin`] passes on.
const OF_ORIGIN: [HeaderName; 6] = [
    header::AUTHORIZATION,
    header::COOKIE,
    header::HOST,
    header::FORWARDED,
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-forwarded-proto"),
];

/// What a batch and the request around it say about every part.
#[derive(Clone, Copy)]
pub(super) struct Frame<'r> {
    pub(super) batch: &'r RequestBatch,
    pub(super) outer: &'r Parts,
}

impl Frame<'_> {
    /// The request that a part is. `created` is what it can refer to, where it is one of several that happen together.
    pub(super) fn request(&self, part: &BatchPart, created: Option<&Created>) -> Result<Request, Refused> {
        let (target, body) = match (self.batch.rules.references, created) {
            (PartReferences::None, _) => (Cow::Borrowed(part.target.as_str()), part.body.clone()),
            (PartReferences::Dollar, Some(created)) => {
                let target = created.in_target(&part.target).map_err(|unknown| self.unknown(&unknown))?;
                (target, created.in_body(&part.body).map_err(|unknown| self.unknown(&unknown))?)
            }
            (PartReferences::Dollar, None) => match lost_reference(&part.target) {
                Some(unknown) => return Err(self.unknown(&unknown)),
                None => (part.target.as_str().into(), part.body.clone()),
            },
        };
        let mut request = Request::new(Body::from(body));
        *request.method_mut() = method(&part.method)?;
        *request.uri_mut() = match &target {
            // What a reference stands for is a path of the server already.
            Cow::Owned(path) if path.starts_with('/') => self.resolved(&Root::OfBatch, path)?,
            target => self.uri(target)?,
        };
        *request.headers_mut() = self.headers(&part.headers)?;
        for carry in &self.batch.carriers {
            carry(&self.outer.extensions, request.extensions_mut());
        }
        Ok(request)
    }

    fn unknown(&self, Unknown(reference): &Unknown) -> Refused {
        (self.batch.unknown_reference)(reference).into()
    }

    /// The URI that a target leads to.
    pub(super) fn uri(&self, target: &str) -> Result<Uri, Refused> {
        self.resolved(&self.batch.root, target)
    }

    fn resolved(&self, root: &Root, target: &str) -> Result<Uri, Refused> {
        Ok(root.resolve(target, location::original(self.outer).path())?)
    }

    fn headers(&self, own: &[(String, String)]) -> Result<HeaderMap, Refused> {
        let mut headers = self.passed_on();
        let mut named = HeaderMap::new();
        for (name, value) in own {
            let (name, value) = (HeaderName::from_str(name), HeaderValue::from_str(value));
            let (Ok(name), Ok(value)) = (name, value) else { return Err(no_header(own).into()) };
            if !is_of_connection(&name) && name != header::CONTENT_LENGTH {
                named.append(name, value);
            }
        }
        // In place of those of the same name, all lines of them.
        headers.extend(named);
        Ok(headers)
    }

    fn passed_on(&self) -> HeaderMap {
        let outer = self.outer.headers.iter().filter(|(name, _)| self.batch.outer_headers.pass(name));
        let mut headers = HeaderMap::new();
        for (name, value) in outer {
            headers.append(name.clone(), value.clone());
        }
        // HTTP/2 has it in the target.
        let authority = self.outer.uri.authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok());
        if let Some(authority) = authority.filter(|_| !headers.contains_key(header::HOST)) {
            headers.insert(header::HOST, authority);
        }
        headers
    }

    /// What the router answers.
    pub(super) async fn ask(&self, part: &BatchPart, request: Request) -> PartAnswer {
        let Ok(response) = self.batch.router.clone().oneshot(request).await;
        collect(part.id.clone(), response).await
    }

    /// The answer to a part that is refused before it gets to the router.
    pub(super) async fn refused(&self, part: &BatchPart, refused: impl Into<Refused>) -> PartAnswer {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = self.uri(&part.target).unwrap_or_default();
        *request.headers_mut() = self.headers(&part.headers).unwrap_or_default();
        let dialogue = &self.batch.dialogue;
        let response = Asker::of(dialogue, &request).tell(dialogue, refused.into().into_response());
        collect(part.id.clone(), response).await
    }
}

impl OuterHeaders {
    fn pass(self, name: &HeaderName) -> bool {
        match self {
            Self::Origin => OF_ORIGIN.contains(name),
            Self::AllButContent => {
                !name.as_str().starts_with("content-")
                    && !is_of_connection(name)
                    && *name != header::ACCEPT_ENCODING
                    && *name != IDEMPOTENCY_KEY
            }
        }
    }
}

fn method(text: &str) -> Result<Method, Refused> {
    let invalid = || Refusal::new(RefusalKind::Invalid).saying(format!("{text:?} is no method"));
    Ok(Method::from_str(text).map_err(|_| invalid())?)
}

fn no_header(headers: &[(String, String)]) -> Refusal {
    let is_none = |(name, value): &&(String, String)| {
        HeaderName::from_str(name).is_err() || HeaderValue::from_str(value).is_err()
    };
    let name = headers.iter().find(is_none).map_or("", |(name, _)| name);
    Refusal::new(RefusalKind::Invalid).saying(format!("the header {name:?} has a name or a value that none can have"))
}
