//! A write as its commit has it, and what the commit left.

use std::sync::OnceLock;

use bytes::Bytes;
use etag_core::{Committed, Document, Effect, RefusalKind, Row, Snapshot};

use super::{Done, Refused, Stored};

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
        let is_whole = own.body.is_none() && T::MODEL.stamps().next().is_none();
        let after = match (own.effect, own.head, own.body.or(self.body)) {
            (Effect::Deleted, ..) => None,
            (_, Some(head), Some(body)) => Some(Row { head, body }),
            _ => None,
        };
        let value = self.value.filter(|_| is_whole).zip(after.as_ref());
        let value = value.map(|(value, row)| Snapshot::new(value, row.head.clone()));
        Ok(Done {
            before: self.before,
            effect: own.effect,
            others: items.collect(),
            touched: committed.touched,
            after: after.map(Stored::from_row),
            value: value.map_or_else(OnceLock::new, OnceLock::from),
        })
    }
}
