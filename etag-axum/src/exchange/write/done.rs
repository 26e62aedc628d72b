//! What became of a write.

use std::sync::OnceLock;

use etag_core::{Document, Effect, RefusalKind, Snapshot, Touched, Written};

use super::{Refused, Stored};

/// What a write did.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Done<T> {
    /// The state that it met.
    pub before: Option<Snapshot<T>>,
    /// What happened to the resource.
    pub effect: Effect,
    /// What happened to the others that were written with it, in their order.
    pub others: Vec<Written>,
    /// What else changed.
    pub touched: Vec<Touched>,
    pub(super) after: Option<Stored<T>>,
    /// The same decoded, where it is known or was asked for.
    pub(super) value: OnceLock<Snapshot<T>>,
}

impl<T> Done<T> {
    /// The state that it left, as the store has it: what a write is best answered with, in the same bytes as a read.
    ///
    /// # Errors
    /// [`RefusalKind::Internal`] after a delete, which leaves none.
    pub fn stored(&self) -> Result<&Stored<T>, Refused> {
        self.after.as_ref().ok_or_else(|| RefusalKind::Internal.into())
    }
}

impl<T: Document + Clone> Done<T> {
    /// The state that it left, with its value. That is the one that was written; where the store completed it, with fields of
    /// its own or derived ones, the document is decoded.
    ///
    /// # Errors
    /// [`RefusalKind::Internal`] after a delete, which leaves none.
    pub fn state(&self) -> Result<&Snapshot<T>, Refused> {
        if let Some(state) = self.value.get() {
            return Ok(state);
        }
        let state = self.stored()?.clone().decode()?;
        Ok(self.value.get_or_init(|| state))
    }
}
