//! A write as its commit has it, and what the commit left.

use bytes::Bytes;
use etag_core::{Committed, Document, Effect, Error, Head, RefusalKind, Row, Snapshot};

use super::{Done, Refused};

/// What one attempt at a write commits, besides what is written along.
pub(super) struct Prepared<T: Document> {
    pub(super) before: Option<Snapshot<T>>,
    pub(super) value: Option<T>,
    /// The document of `value`.
    pub(super) body: Option<Bytes>,
}

impl<T: Document> Prepared<T> {
    /// What it has done.
    pub(super) fn done(self, committed: Committed) -> Result<Done<T>, Refused> {
        let mut items = committed.items.into_iter();
        let own = items.next().ok_or(RefusalKind::Internal)?;
        let after = match (own.effect, self.value, self.body, own.head) {
            (Effect::Deleted, ..) => None,
            (_, Some(value), Some(given), Some(head)) => Some(left(value, given, own.body, head)?),
            _ => None,
        };
        let (before, touched) = (self.before, committed.touched);
        Ok(Done { before, after, effect: own.effect, others: items.collect(), touched })
    }
}

/// The state as a read would give it. `completed` is the document with what the store derives from children.
fn left<T: Document>(value: T, given: Bytes, completed: Option<Bytes>, head: Head) -> Result<Snapshot<T>, Error> {
    if completed.is_none() && T::MODEL.stamps().next().is_none() {
        return Ok(Snapshot::new(value, head));
    }
    Snapshot::from_row(Row { head, body: completed.unwrap_or(given) })
}
