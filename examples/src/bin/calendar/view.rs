//! What the service shows of what is kept: one trait, so that all of its resources are read and changed by the same handlers.

use std::time::SystemTime;

use etag_axum::Refused;
use etag_core::{Document, RefusalKind, Snapshot};
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};

use crate::{members::Members, model::Fields, resources::Body, switches::Switches};

/// A kind of resource of the service.
pub(crate) trait View: 'static {
    /// What is kept of it.
    type Row: Document<Id = String> + Clone;
    /// What its path names it by.
    type Path: DeserializeOwned + Send;
    /// Its `kind`.
    const KIND: &'static str;
    /// What clients may write of it.
    const MEMBERS: Members;

    /// The row that a path names.
    fn key(path: Self::Path) -> Result<String, Refused>;

    /// What clients may write of it; `None` where the row is not shown as this.
    fn fields(row: &Self::Row) -> Option<&Fields>;

    /// The same, for a request that names it.
    fn shown(row: &Self::Row, _switches: Switches) -> Result<&Fields, Refused> {
        Self::fields(row).ok_or_else(|| RefusalKind::NotFound.into())
    }

    /// The row with other fields.
    fn with(row: &Self::Row, fields: Fields) -> Self::Row;

    /// Checks what types alone can't say, and adds what is so unless a client says otherwise.
    fn completed(fields: Fields) -> Result<Fields, Refused> {
        Ok(fields)
    }

    /// What a body says about all of a resource.
    fn read(body: &Body) -> Result<Fields, Refused> {
        Self::completed(Self::MEMBERS.read(body)?)
    }

    /// What the server says of it, besides what clients wrote.
    fn known(state: &Snapshot<Self::Row>) -> impl Serialize;
}

#[derive(Serialize)]
struct Shown<'s, K> {
    kind: &'static str,
    #[serde(flatten)]
    fields: Option<&'s Fields>,
    #[serde(flatten)]
    known: K,
}

/// The representation of a resource, but for its tag.
pub(crate) fn body<V: View>(state: &Snapshot<V::Row>) -> impl Serialize {
    Shown { kind: V::KIND, fields: V::fields(state), known: V::known(state) }
}

/// What there is to say of most resources.
#[derive(Serialize)]
pub(crate) struct Known<'s> {
    pub(crate) id: &'s str,
}

/// A time as the service tells it, to the millisecond.
pub(crate) fn time_of(time: SystemTime) -> String {
    Timestamp::try_from(time).map_or_else(|_| String::new(), |time| format!("{time:.3}"))
}
