//! What the service shows of what is kept: one trait, so that all of its resources are read and changed by the same handlers.

use std::time::SystemTime;

use etag_axum::{Refused, Representation, Stored};
use etag_core::{Document, RefusalKind};
use jiff::{Timestamp, fmt::temporal::DateTimePrinter};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

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

    /// Whether there are rows that are not shown as this.
    const HIDES_SOME: bool = false;

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

    /// What the service shows of it, but for its tag.
    fn represented(state: &Stored<Self::Row>) -> Result<Representation, Refused> {
        let kept: Kept<'_> = state.view()?;
        object::<Self>(kept.fields)?.with("id", kept.id)
    }
}

/// What is kept of most resources, as text.
#[derive(Deserialize)]
struct Kept<'s> {
    #[serde(borrow)]
    id: &'s RawValue,
    fields: &'s RawValue,
}

/// What all resources show: what they are, and what clients wrote.
pub(crate) fn object<V: View + ?Sized>(fields: &RawValue) -> Result<Representation, Refused> {
    Representation::new().with("kind", V::KIND)?.with_all(fields)
}

/// A time as the service tells it, to the millisecond.
pub(crate) fn time_of(time: SystemTime) -> String {
    const MILLISECONDS: DateTimePrinter = DateTimePrinter::new().precision(Some(3));
    Timestamp::try_from(time).map_or_else(|_| String::new(), |time| MILLISECONDS.timestamp_to_string(&time))
}
