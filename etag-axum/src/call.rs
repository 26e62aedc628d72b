//! One request, as far as it is understood before its body.

use bytes::Bytes;
use etag_core::{ETag, Environment, Head, Key, Preconditions, Row, Store};
use http::{HeaderMap, HeaderValue, header, request::Parts};

use crate::{
    authorize::{Action, Principal},
    conditions::{Conditions, Unmet},
    endpoint::Endpoint,
    location,
    model::Candidate,
    prefer::Return,
    problem::{Problem, ProblemKind},
    respond,
};

/// One request that was let in.
pub(crate) struct Call<'a> {
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) parts: &'a Parts,
    pub(crate) action: Action,
    pub(crate) principal: Principal,
    pub(crate) conditions: Conditions,
}

/// The state that a write met, with its body where something wanted to see it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) head: Head,
    pub(crate) body: Option<Bytes>,
}

impl Seen {
    pub(crate) fn of_row(row: Row) -> Self {
        Self { head: row.head, body: Some(row.body) }
    }

    /// All of it, where its body is known.
    pub(crate) fn row(&self) -> Option<Row> {
        self.body.clone().map(|body| Row { head: self.head.clone(), body })
    }
}

impl<'a> Call<'a> {
    pub(crate) fn new(endpoint: &'a Endpoint, parts: &'a Parts, action: Action, principal: Principal) -> Self {
        let conditions = Conditions {
            preconditions: Preconditions::from_headers(&parts.headers, &endpoint.limits().tags),
            comparison: endpoint.comparison(),
            policy: endpoint.settings.policy,
            model: endpoint.description(),
        };
        Self { endpoint, parts, action, principal, conditions }
    }

    pub(crate) fn store(&self) -> &'a dyn Store {
        self.endpoint.store()
    }

    pub(crate) fn environment(&self) -> &'a Environment {
        self.store().coordinator().environment()
    }

    /// How much of a representation the client would like to get back.
    pub(crate) fn preferred(&self) -> Option<Return> {
        Return::preferred(&self.parts.headers)
    }

    /// The path of the collection that the request is about.
    pub(crate) fn collection_path(&self) -> &str {
        let path = location::original(self.parts).path();
        if matches!(self.action, Action::List | Action::Create) { path } else { location::collection_of(path) }
    }

    /// The path of a resource of the collection.
    pub(crate) fn path_of(&self, key: &Key) -> Option<HeaderValue> {
        location::of_item(self.collection_path(), key.id())
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
        if let Some(path) = self.path_of(key) {
            headers.insert(header::CONTENT_LOCATION, path);
        }
    }

    /// The state of a resource, after the hook that sees values has let the request see it. Its body is read only for that
    /// hook.
    pub(crate) async fn look(&self, key: &Key) -> Result<Option<Seen>, Problem> {
        if !self.endpoint.model.judges_values() {
            return Ok(self.store().head(key).await?.map(|head| Seen { head, body: None }));
        }
        Ok(self.look_at_row(key).await?.map(Seen::of_row))
    }

    /// The same with the body.
    pub(crate) async fn look_at_row(&self, key: &Key) -> Result<Option<Row>, Problem> {
        let row = self.store().read(key).await?;
        self.endpoint.model.judge(&self.principal, self.action, row.as_ref(), None)?;
        Ok(row)
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
            Unmet::Malformed(malformed) => Problem::malformed_condition(malformed, dialect.malformed_status),
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
        self.endpoint.authorize(Action::Read, Some(key), self.parts).await.is_ok()
            && (!model.judges_values() || model.judge(&self.principal, Action::Read, row.as_ref(), None).is_ok())
    }
}
