//! One request, as far as it is understood before its body.

use bytes::Bytes;
use etag_core::{Conflict, ETag, Environment, Head, Key, Link, Row, Store};
use http::{HeaderMap, HeaderValue, header, request::Parts};

use crate::{
    authorize::{Access, Action, Principal},
    conditions::{Conditions, Unmet},
    endpoint::Endpoint,
    location,
    model::Candidate,
    place::{Place, Route, Target},
    prefer::Return,
    problem::{Problem, ProblemKind},
    request_batch::UnitStore,
    respond,
};

/// One request that was let in.
pub(crate) struct Call<'a> {
    pub(crate) route: &'a Route,
    pub(crate) endpoint: &'a Endpoint,
    /// The parent in the path, whose children are listed or created.
    pub(crate) parent: Option<Parent<'a>>,
    pub(crate) parts: &'a Parts,
    pub(crate) action: Action,
    pub(crate) principal: Principal,
    pub(crate) conditions: Conditions,
}

/// A parent that a path names.
#[derive(Clone, Copy)]
pub(crate) struct Parent<'a> {
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) link: &'static Link,
    pub(crate) key: &'a Key,
}

/// The state that a write met, with its body where something wanted to see it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) head: Head,
    pub(crate) body: Option<Bytes>,
    pub(crate) changed: Changed,
}

/// Which fields changed since the tag that a request names (rule B2).
#[derive(Clone, Debug)]
pub(crate) enum Changed {
    /// Nobody has asked the store.
    NotAsked,
    /// These, as far as the store knows.
    Known(Option<Vec<String>>),
}

impl Seen {
    pub(crate) fn of_row(row: Row) -> Self {
        Self { head: row.head, body: Some(row.body), changed: Changed::NotAsked }
    }

    /// The state that a commit met; `None` where there was none.
    pub(crate) fn of_conflict(conflict: Conflict) -> Option<Self> {
        let changed = Changed::Known(conflict.changed);
        conflict.met.map(|head| Self { head, body: None, changed })
    }

    /// All of it, where its body is known.
    pub(crate) fn row(&self) -> Option<Row> {
        self.body.clone().map(|body| Row { head: self.head.clone(), body })
    }
}

impl<'a> Call<'a> {
    pub(crate) fn new(
        route: &'a Route,
        parts: &'a Parts,
        action: Action,
        principal: Principal,
        target: &'a Target,
    ) -> Self {
        let endpoint = &*route.endpoint;
        let parent = match (&route.place, target) {
            (Place::Children(nested), Target::ChildrenOf(key)) => {
                Some(Parent { endpoint: &nested.parent, link: nested.link, key })
            }
            _ => None,
        };
        let conditions = Conditions {
            preconditions: endpoint.dialect().preconditions(&parts.headers, &endpoint.limits().tags),
            comparison: endpoint.comparison(),
            policy: endpoint.settings.policy,
            model: endpoint.description(),
        };
        Self { route, endpoint, parent, parts, action, principal, conditions }
    }

    /// That of the resource, or of the requests that this one happens together with.
    pub(crate) fn store(&self) -> &'a dyn Store {
        match self.parts.extensions.get::<UnitStore>() {
            Some(unit) => &**unit.store(),
            None => self.endpoint.store(),
        }
    }

    pub(crate) fn environment(&self) -> &'a Environment {
        self.store().coordinator().environment()
    }

    /// How much of a representation the client would like to get back.
    pub(crate) fn preferred(&self) -> Option<Return> {
        Return::preferred(&self.parts.headers)
    }

    /// The path of a resource of the API.
    pub(crate) fn path_of(&self, key: &Key) -> String {
        location::of_item(location::root(self.parts), key)
    }

    /// Adds what tells one state from another: the tag and the date.
    pub(crate) fn place_validators(&self, headers: &mut HeaderMap, head: &Head) {
        self.place_tag_and_date(headers, &self.endpoint.etag(head), head);
    }

    /// The same, where the tag of the state is at hand.
    pub(crate) fn place_tag_and_date(&self, headers: &mut HeaderMap, etag: &ETag, head: &Head) {
        respond::place_tag(headers, self.endpoint.dialect().tag_placement, etag);
        // A clock that was set back must not make the date lie in the future (RFC 9110 §8.8.2.1).
        respond::place_date(headers, head.modified_at.min(self.environment().now()));
    }

    /// Adds where the representation in the body can be read again.
    pub(crate) fn place_content_location(&self, headers: &mut HeaderMap, key: &Key) {
        if let Ok(path) = HeaderValue::try_from(self.path_of(key)) {
            headers.insert(header::CONTENT_LOCATION, path);
        }
    }

    /// The state of a resource, after the hook that sees values has let the request see it. Its body is read only for that
    /// hook.
    pub(crate) async fn look(&self, key: &Key) -> Result<Option<Seen>, Problem> {
        if !self.endpoint.model.judges_values() {
            return Ok(self.store().head(key).await?.map(|head| Seen { head, body: None, changed: Changed::NotAsked }));
        }
        Ok(self.look_at_row(key).await?.map(Seen::of_row))
    }

    /// The same with the body.
    pub(crate) async fn look_at_row(&self, key: &Key) -> Result<Option<Row>, Problem> {
        let row = self.store().read(key).await?;
        self.endpoint.model.judge(&self.principal, self.action, row.as_ref(), None)?;
        Ok(row)
    }

    /// The state of a relative, after the hook that sees its values has let the request read it.
    pub(crate) async fn look_at_neighbour(&self, endpoint: &Endpoint, key: &Key) -> Result<Option<Head>, Problem> {
        if !endpoint.model.judges_values() {
            return Ok(self.store().head(key).await?);
        }
        let row = self.store().read(key).await?;
        endpoint.model.judge(&self.principal, Action::Read, row.as_ref(), None)?;
        Ok(row.map(|row| row.head))
    }

    /// Asks the hook that sees values about a write.
    pub(crate) fn judge_write(&self, seen: Option<&Seen>, candidate: &dyn Candidate) -> Result<(), Problem> {
        if !self.endpoint.model.judges_values() {
            return Ok(());
        }
        let row = seen.and_then(Seen::row);
        self.endpoint.model.judge(&self.principal, self.action, row.as_ref(), Some(candidate))
    }

    /// Demands that the conditions of a write hold for a state.
    pub(crate) async fn demand(&self, key: &Key, seen: Option<&Seen>) -> Result<(), Problem> {
        match self.conditions.check_write(seen.map(|seen| &seen.head), self.action.compares()) {
            Ok(()) => Ok(()),
            Err(unmet) => Err(self.refusal(key, unmet, seen).await),
        }
    }

    /// The answer to conditions that don't hold for a state.
    pub(crate) async fn refusal(&self, key: &Key, unmet: Unmet, met: Option<&Seen>) -> Problem {
        let dialect = self.endpoint.dialect();
        match unmet {
            Unmet::Malformed(malformed) => Problem::malformed_condition(malformed, dialect),
            Unmet::Missing => {
                tracing::debug!(%key, "a write without a condition was refused");
                let detail =
                    "send If-Match with the tag of the state that you changed, or `*` to overwrite whatever there is";
                Problem::new(ProblemKind::ConditionRequired, detail).with_status(dialect.missing_status)
            }
            Unmet::Failed(header) => self.condition_failed(key, header, met).await,
        }
    }

    /// Whether whoever is asking may know the state, or that there is none: a right to write is none to read (rule H8).
    pub(crate) async fn may_disclose(&self, key: &Key, seen: Option<&Seen>) -> bool {
        if matches!(self.action, Action::Read | Action::List) {
            return true;
        }
        let model = &self.endpoint.model;
        let row = seen.and_then(Seen::row);
        self.endpoint.authorize(Access::to_read(key), self.parts).await.is_ok()
            && (!model.judges_values() || model.judge(&self.principal, Action::Read, row.as_ref(), None).is_ok())
    }
}
