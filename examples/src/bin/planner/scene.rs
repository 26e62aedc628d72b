//! What every handler knows of its request.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use etag_axum::{Exchange, Refused, Write};
use etag_core::{Expectation, Put, RefusalKind, Snapshot, WriteKind, put_document};
use http::request::Parts;
use jiff::Timestamp;
use serde_json::Value;

use crate::{
    Planner,
    entity::Entity,
    id::PlannerId,
    model::By,
    rules::{Rules, UnknownParent},
};

/// A request, the rules that it is answered by, and when it came.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) exchange: Exchange,
    pub(crate) rules: Arc<Rules>,
    pub(crate) now: Timestamp,
}

impl FromRequestParts<Planner> for Scene {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, planner: &Planner) -> Result<Self, Refused> {
        let Ok(exchange) = Exchange::from_request_parts(parts, planner).await;
        let rules = Arc::clone(&planner.rules);
        let now = Timestamp::try_from(exchange.environment().now()).unwrap_or_default();
        // Clients in other languages read no finer times.
        let now = Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now);
        Ok(Self { exchange, rules, now })
    }
}

impl Scene {
    pub(crate) fn me(&self) -> By {
        By::user(&self.rules.limits.me)
    }

    pub(crate) fn new_id(&self) -> PlannerId {
        PlannerId::new(self.exchange.environment())
    }

    /// A write of the request's resource.
    pub(crate) fn write<'s, T: Entity>(&'s self, kind: WriteKind, id: &'s PlannerId) -> Write<'s, T> {
        self.exchange.write(kind, id).adjusting(|put| self.rules.settle(put))
    }

    /// A write of another one, to be done along.
    pub(crate) fn put<T: Entity>(&self, value: &T, expectation: Expectation) -> Result<Put, Refused> {
        let mut put = put_document(self.exchange.store(), value, expectation)?;
        self.rules.settle(&mut put);
        Ok(put)
    }

    /// The resource that a member of a body names.
    pub(crate) async fn named<T: Entity>(&self, member: &str, id: Value) -> Result<Snapshot<T>, Refused> {
        let id: PlannerId =
            serde_json::from_value(id).map_err(|error| Refused::invalid(format!("{member}: {error}")))?;
        let found = self.exchange.find(&id).await?;
        found.ok_or_else(|| match self.rules.families.unknown_parent {
            UnknownParent::NotFound => RefusalKind::NotFound.into(),
            UnknownParent::Invalid => Refused::invalid(format!("{member} names nothing")),
        })
    }
}
