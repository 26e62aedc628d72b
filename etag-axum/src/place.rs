//! What a path names.

use std::sync::Arc;

use etag_core::Key;
use http::request::Parts;

use crate::{
    authorize::Scope,
    endpoint::Endpoint,
    location,
    registry::{Nested, Registry},
};

/// One route: a place and what answers there.
pub(crate) struct Route {
    pub(crate) endpoint: Arc<Endpoint>,
    pub(crate) registry: Arc<Registry>,
    pub(crate) place: Place,
}

/// Where the resources of an endpoint are found.
pub(crate) enum Place {
    /// `/tasks`.
    Collection,
    /// `/tasks/{id}`.
    Item,
    /// `/boards/{id}/tasks`.
    Children(Nested),
    /// `/tasks/{id}/details`, whose id is the parent's.
    OnlyChild,
}

impl Place {
    pub(crate) fn scope(&self) -> Scope {
        match self {
            Self::Collection | Self::Children(_) => Scope::Collection,
            Self::Item | Self::OnlyChild => Scope::Item,
        }
    }
}

/// What the path of a request names.
pub(crate) enum Target {
    Collection,
    /// The children of this parent.
    ChildrenOf(Key),
    Item(Key),
    /// No resource can have such an id.
    NoId(String),
    /// The path can't be read, and why.
    Malformed(&'static str),
}

impl Target {
    pub(crate) fn of(route: &Route, parts: &Parts) -> Self {
        let path = parts.uri.path();
        match &route.place {
            Place::Collection => Self::Collection,
            Place::Item => Self::named(&route.endpoint, path, Self::Item),
            Place::OnlyChild => Self::named(&route.endpoint, location::without_last(path), Self::Item),
            Place::Children(nested) => Self::named(&nested.parent, location::without_last(path), Self::ChildrenOf),
        }
    }

    fn named(endpoint: &Endpoint, path: &str, target: fn(Key) -> Self) -> Self {
        match location::id_in(path) {
            Ok(id) => endpoint.key(&id).map_or_else(|| Self::NoId(id.into_owned()), target),
            Err(reason) => Self::Malformed(reason),
        }
    }

    /// The key of the resource itself.
    pub(crate) fn key(&self) -> Option<&Key> {
        if let Self::Item(key) = self { Some(key) } else { None }
    }

    /// The key of the parent.
    pub(crate) fn parent(&self) -> Option<&Key> {
        if let Self::ChildrenOf(key) = self { Some(key) } else { None }
    }
}
