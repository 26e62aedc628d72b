//! All that is registered, where relatives find each other.

use std::sync::Arc;

use etag_core::{Cardinality, Link, Model};

use crate::endpoint::Endpoint;

/// Every endpoint of an API.
pub(crate) struct Registry {
    endpoints: Vec<Arc<Endpoint>>,
}

/// The children that a link gives to each resource of a registered parent, at a path under the parent's own.
#[derive(Clone)]
pub(crate) struct Nested {
    pub(crate) parent: Arc<Endpoint>,
    pub(crate) child: Arc<Endpoint>,
    pub(crate) link: &'static Link,
    pub(crate) segment: String,
}

impl Registry {
    pub(crate) fn new(endpoints: Vec<Arc<Endpoint>>) -> Self {
        Self { endpoints }
    }

    pub(crate) fn endpoints(&self) -> &[Arc<Endpoint>] {
        &self.endpoints
    }

    pub(crate) fn find(&self, collection: &str) -> Option<&Arc<Endpoint>> {
        self.endpoints.iter().find(|endpoint| endpoint.description().collection == collection)
    }

    /// The links of a model to parents that are registered, too.
    pub(crate) fn parents_of(&self, model: &'static Model) -> impl Iterator<Item = (&'static Link, &Arc<Endpoint>)> {
        model.links.iter().filter_map(|link| Some((link, self.find((link.parent)().collection)?)))
    }

    /// The links by which a list can be narrowed to the children of one parent.
    pub(crate) fn filters_of(&self, model: &'static Model) -> impl Iterator<Item = (&'static Link, &Arc<Endpoint>)> {
        self.parents_of(model).filter(|(link, _)| link.cardinality == Cardinality::Many)
    }

    /// The only children that come to be with each resource of a collection.
    pub(crate) fn starting_with(&self, collection: &str) -> impl Iterator<Item = &Arc<Endpoint>> {
        self.endpoints.iter().filter(move |child| {
            let mut links = child.description().links.iter().filter(|link| link.cardinality == Cardinality::One);
            child.model.starts_with_parent() && links.any(|link| (link.parent)().collection == collection)
        })
    }

    /// All children that have paths under their parents'.
    pub(crate) fn nested(&self) -> impl Iterator<Item = Nested> {
        self.endpoints.iter().flat_map(|child| {
            self.parents_of(child.description()).map(|(link, parent)| Nested {
                parent: Arc::clone(parent),
                child: Arc::clone(child),
                link,
                segment: child.settings.segment_of(child.description(), link).to_owned(),
            })
        })
    }
}

impl Nested {
    /// The path, as routers and descriptions write it.
    pub(crate) fn pattern(&self) -> String {
        format!("/{}/{{id}}/{}", self.parent.description().collection, self.segment)
    }

    pub(crate) fn is_single(&self) -> bool {
        self.link.cardinality == Cardinality::One
    }
}
