//! Who may do what (rule H8).

use std::{any::Any, fmt, future::Future, pin::Pin, sync::Arc};

use etag_core::{Key, TagPart};
use http::{Extensions, HeaderValue, Method, header, request::Parts};

use crate::{
    place::Target,
    problem::{Problem, ProblemKind},
};

/// What a request is about to do.
///
/// ```
/// use etag_axum::Action;
///
/// assert!(Action::Patch.is_write());
/// assert!(!Action::List.is_write());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// List a collection: GET or HEAD.
    List,
    /// Create a resource under an id that the server makes up: POST.
    Create,
    /// Read a resource: GET or HEAD.
    Read,
    /// Create or replace a resource: PUT.
    Replace,
    /// Change a resource: PATCH.
    Patch,
    /// Delete a resource: DELETE.
    Delete,
    /// Send a batch: POST to `/$batch`. About each of its items the hook is asked as well, as about a request of its own.
    Batch,
    /// Learn what a resource allows: OPTIONS, and any method that it doesn't.
    Describe,
}

/// Whether a path names a collection or a resource in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Collection,
    Item,
}

impl Action {
    /// What a method does there.
    pub(crate) fn of(scope: Scope, method: &Method) -> Self {
        match (scope, method) {
            (Scope::Collection, &Method::GET | &Method::HEAD) => Self::List,
            (Scope::Collection, &Method::POST) => Self::Create,
            (Scope::Item, &Method::GET | &Method::HEAD) => Self::Read,
            (Scope::Item, &Method::PUT) => Self::Replace,
            (Scope::Item, &Method::PATCH) => Self::Patch,
            (Scope::Item, &Method::DELETE) => Self::Delete,
            _ => Self::Describe,
        }
    }

    /// Whether it changes anything.
    pub fn is_write(self) -> bool {
        matches!(self, Self::Create | Self::Replace | Self::Patch | Self::Delete | Self::Batch)
    }

    /// How much of the tags its conditions compare (rule F5).
    pub(crate) fn compares(self) -> TagPart {
        if matches!(self, Self::Replace | Self::Patch) { TagPart::Own } else { TagPart::Whole }
    }
}

/// A request, as the hook of [`Api::authorize`](crate::Api::authorize) sees it, before anything else is looked at.
///
/// ```
/// use etag_axum::{AccessRequest, Denied, Principal};
///
/// /// Anyone may read, and nobody may touch the note "pinned".
/// async fn hook(request: AccessRequest) -> Result<Principal, Denied> {
///     let is_pinned = request.key.is_some_and(|key| key.id() == "pinned");
///     if request.action.is_write() && is_pinned { Err(Denied::Forbidden) } else { Ok(Principal::anonymous()) }
/// }
///
/// # use etag_core::MemoryStore;
/// let api = etag_axum::Api::new(MemoryStore::new()).authorize(hook);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AccessRequest {
    /// What it is about to do.
    pub action: Action,
    /// The collection; `$batch` for a batch as a whole.
    pub collection: &'static str,
    /// The resource; `None` for a collection, and for an id that can't be one.
    pub key: Option<Key>,
    /// The parent in the path, whose children are listed or created.
    pub parent: Option<Key>,
    /// Method, path, headers, and the extensions that layers around the router have set. Where a write asks whether its
    /// answer may show a relative, they are those of the write.
    pub parts: Parts,
}

/// Who is asking, as the hook of [`Api::authorize`](crate::Api::authorize) has found out.
///
/// ```
/// use etag_axum::Principal;
///
/// #[derive(Clone, PartialEq, Debug)]
/// enum Role { Editor }
///
/// let ada = Principal::new("ada").with(Role::Editor);
/// assert_eq!(ada.name(), "ada");
/// assert_eq!(ada.get::<Role>(), Some(&Role::Editor));
/// ```
#[derive(Clone, Debug)]
pub struct Principal {
    name: Option<Arc<str>>,
    attributes: Extensions,
}

impl Principal {
    /// The one with this name. Idempotency keys are kept apart by it, so no two may share one.
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self { name: Some(name.into()), attributes: Extensions::new() }
    }

    /// Nobody in particular: who is asking where no hook is set.
    pub fn anonymous() -> Self {
        Self { name: None, attributes: Extensions::new() }
    }

    /// The same with something more to know, one of each type, for the hook that sees values.
    #[must_use]
    pub fn with<A: Any + Clone + Send + Sync>(mut self, attribute: A) -> Self {
        self.attributes.insert(attribute);
        self
    }

    /// The name; empty for nobody in particular.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    /// What [`with`](Self::with) added of this type.
    pub fn get<A: Any + Send + Sync>(&self) -> Option<&A> {
        self.attributes.get()
    }
}

/// Why a request is refused.
///
/// ```
/// use etag_axum::Denied;
/// use http::HeaderValue;
///
/// /// Asks for a token, and turns down all but one.
/// fn check(token: Option<&str>) -> Result<(), Denied> {
///     match token {
///         None => Err(Denied::Unauthenticated(HeaderValue::from_static("Bearer"))),
///         Some("ada's") => Ok(()),
///         Some(_) => Err(Denied::Forbidden),
///     }
/// }
/// assert_eq!(check(Some("bob's")), Err(Denied::Forbidden));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denied {
    /// 401: who is asking is not known. The challenge goes into `WWW-Authenticate`, which RFC 9110 §15.5.2 demands.
    Unauthenticated(HeaderValue),
    /// 403: whoever is asking may not.
    Forbidden,
    /// 404, as if the resource did not exist.
    Hidden,
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Unauthenticated(challenge) => {
                Self::new(ProblemKind::Unauthenticated, "say who you are, as WWW-Authenticate tells")
                    .with_header(header::WWW_AUTHENTICATE, challenge)
            }
            Denied::Forbidden => Self::new(ProblemKind::Forbidden, "ask whoever runs this API for the right to do it"),
            Denied::Hidden => Self::not_found(),
        }
    }
}

/// What a request is about to do, and to what.
pub(crate) struct Access<'a> {
    pub(crate) action: Action,
    pub(crate) key: Option<&'a Key>,
    pub(crate) parent: Option<&'a Key>,
}

impl<'a> Access<'a> {
    pub(crate) fn of_target(action: Action, target: &'a Target) -> Self {
        Self { action, key: target.key(), parent: target.parent() }
    }

    pub(crate) fn to_read(key: &'a Key) -> Self {
        Self { action: Action::Read, key: Some(key), parent: None }
    }
}

type Decision = Pin<Box<dyn Future<Output = Result<Principal, Denied>> + Send>>;

/// The hook that sees requests.
pub(crate) struct RequestHook(Box<dyn Fn(AccessRequest) -> Decision + Send + Sync>);

impl RequestHook {
    pub(crate) fn new<F, D>(hook: F) -> Self
    where
        F: Fn(AccessRequest) -> D + Send + Sync + 'static,
        D: Future<Output = Result<Principal, Denied>> + Send + 'static,
    {
        Self(Box::new(move |request| Box::pin(hook(request))))
    }

    pub(crate) async fn decide(&self, request: AccessRequest) -> Result<Principal, Denied> {
        (self.0)(request).await
    }
}

impl fmt::Debug for RequestHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestHook(..)")
    }
}

/// What the hook of [`Resource::authorize_value`](crate::Resource::authorize_value) decides on.
///
/// ```
/// use etag_axum::{Action, Denied, ValueAccess};
///
/// struct Note {
///     owner: String,
/// }
///
/// /// Anyone may read; only the owner may write, and not give the note away.
/// fn hook(access: &ValueAccess<'_, Note>) -> Result<(), Denied> {
///     let is_theirs = |note: &Note| note.owner == access.principal.name();
///     let may = access.action == Action::Read || access.stored.into_iter().chain(access.new).all(is_theirs);
///     if may { Ok(()) } else { Err(Denied::Forbidden) }
/// }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct ValueAccess<'a, T> {
    /// Who is asking.
    pub principal: &'a Principal,
    /// For what; [`Action::Read`] for each item of a list, and for a state that the answer to a write would show.
    pub action: Action,
    /// The stored value; `None` where there is none.
    pub stored: Option<&'a T>,
    /// The value about to be written; `None` while the body has not been looked at, and where there is none.
    pub new: Option<&'a T>,
}

/// The hook that sees values.
pub(crate) type ValueHook<T> = Box<dyn Fn(&ValueAccess<'_, T>) -> Result<(), Denied> + Send + Sync>;
