//! The models whose code a commit may need for rows that no item of it is about.

use std::{
    collections::HashMap,
    ptr,
    sync::{Arc, PoisonError, RwLock},
};

use crate::Model;

/// The models of children that fields of parents follow, by collection. Clones share what they know.
#[derive(Clone, Default)]
pub(crate) struct Models(Arc<RwLock<HashMap<&'static str, &'static Model>>>);

impl Models {
    pub(crate) fn learn(&self, model: &'static Model) {
        let is_followed = model.links.iter().any(|link| link.derive.is_some());
        let is_known = || self.of(model.collection).is_some_and(|known| ptr::eq(known, model));
        if is_followed && !is_known() {
            self.0.write().unwrap_or_else(PoisonError::into_inner).insert(model.collection, model);
            // What follows it may be followed in turn.
            let parents = model.links.iter().filter(|link| link.derive.is_some()).map(|link| (link.parent)());
            parents.for_each(|parent| self.learn(parent));
        }
    }

    pub(crate) fn of(&self, collection: &str) -> Option<&'static Model> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(collection).copied()
    }
}
