//! One registered resource, ready to answer.

use std::sync::Arc;

use etag_core::{Cardinality, Comparison, Dialect, ETag, Head, Key, Model, Store};
use http::{HeaderValue, Method, request::Parts};

use crate::{
    authorize::{Access, AccessRequest, Principal, RequestHook, Scope},
    envelope::Envelope,
    limits::Limits,
    location,
    model::AnyModel,
    problem::Problem,
    settings::{Methods, Settings},
};

const NO_CACHE: HeaderValue = HeaderValue::from_static("no-cache");
const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-cache");

/// What all resources of an API share.
pub(crate) struct Shared {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) dialect: Dialect,
    pub(crate) limits: Limits,
    pub(crate) hook: Option<RequestHook>,
}

impl Shared {
    /// The shape of the errors that answer a request.
    pub(crate) fn envelope<'a>(&'a self, parts: &'a Parts) -> Envelope<'a> {
        Envelope {
            shape: self.dialect.error_envelope,
            environment: self.store.coordinator().environment(),
            headers: &parts.headers,
            instance: location::original(parts),
        }
    }
}

/// One registered resource.
pub(crate) struct Endpoint {
    shared: Arc<Shared>,
    pub(crate) model: Box<dyn AnyModel>,
    pub(crate) settings: Settings,
    /// Whether the server makes up ids. The only child of a parent has the parent's.
    makes_ids: bool,
}

impl Endpoint {
    pub(crate) fn new(shared: Arc<Shared>, model: Box<dyn AnyModel>, settings: Settings) -> Self {
        let is_single = model.description().links.iter().any(|link| link.cardinality == Cardinality::One);
        let makes_ids = !is_single && model.new_key(shared.store.coordinator().environment()).is_some();
        Self { shared, model, settings, makes_ids }
    }

    pub(crate) fn description(&self) -> &'static Model {
        self.model.description()
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.shared.store
    }

    pub(crate) fn dialect(&self) -> &Dialect {
        &self.shared.dialect
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    /// The shape of the errors that answer a request.
    pub(crate) fn envelope<'a>(&'a self, parts: &'a Parts) -> Envelope<'a> {
        self.shared.envelope(parts)
    }

    /// The tag that the world sees.
    pub(crate) fn etag(&self, head: &Head) -> ETag {
        self.description().publish(&head.tag)
    }

    /// How the tags of `If-Match` are compared.
    pub(crate) fn comparison(&self) -> Comparison {
        match (self.shared.dialect.comparison, self.settings.comparison) {
            (Comparison::Strong, Some(forgiving)) => forgiving,
            (comparison, _) => comparison,
        }
    }

    /// The methods that there are, as in `Allow`.
    pub(crate) fn methods(&self, scope: Scope) -> &'static [Method] {
        use Method as M;
        match (scope, self.settings.methods, self.makes_ids) {
            (Scope::Collection, Methods::All, true) => &[M::GET, M::HEAD, M::POST, M::OPTIONS],
            (Scope::Collection, ..) | (Scope::Item, Methods::ReadOnly, _) => &[M::GET, M::HEAD, M::OPTIONS],
            (Scope::Item, Methods::All, _) if self.model.starts_with_parent() => {
                &[M::GET, M::HEAD, M::PUT, M::PATCH, M::OPTIONS]
            }
            (Scope::Item, Methods::All, _) => &[M::GET, M::HEAD, M::PUT, M::PATCH, M::DELETE, M::OPTIONS],
        }
    }

    /// The key of the resource with this id, where the text is one.
    pub(crate) fn key(&self, id: &str) -> Option<Key> {
        (id.len() <= self.limits().id_bytes).then(|| self.model.key(id).ok()).flatten()
    }

    /// Whether any hook decides who may do what.
    pub(crate) fn restricts_access(&self) -> bool {
        self.shared.hook.is_some() || self.model.judges_values()
    }

    /// The `Cache-Control` of errors, and of reads where the author has not set another.
    pub(crate) fn revalidated(&self) -> HeaderValue {
        if self.restricts_access() { PRIVATE } else { NO_CACHE }
    }

    /// The `Cache-Control` of reads.
    pub(crate) fn cache_control(&self) -> HeaderValue {
        self.settings.cache_control.clone().unwrap_or_else(|| self.revalidated())
    }

    /// Asks the hook that sees requests.
    pub(crate) async fn authorize(&self, access: Access<'_>, parts: &Parts) -> Result<Principal, Problem> {
        let Some(hook) = &self.shared.hook else { return Ok(Principal::anonymous()) };
        let collection = self.description().collection;
        let Access { action, key, parent } = access;
        let request =
            AccessRequest { action, collection, key: key.cloned(), parent: parent.cloned(), parts: parts.clone() };
        Ok(hook.decide(request).await?)
    }
}
