//! What a client makes of a dialect's errors.

use std::time::UNIX_EPOCH;

use super::{Dialect, ErrorContext, ErrorEnvelope, Refusal, RefusalKind};

impl Dialect {
    /// The kinds of refusals that a client reads as another kind, or as none: each is told as the dialect tells it, without
    /// words or code of its own, and is read again. Empty where errors are problem details, which no [`ErrorFormat`] reads.
    ///
    /// That is the contract of an [`ErrorFormat`] as a test: assert that these are the kinds which the service itself does not
    /// tell apart, or never tells, and that they are read as what a client should take them for.
    ///
    /// ```
    /// use etag_core::{Dialect, ErrorEnvelope, ErrorRow, ErrorTable, RefusalKind};
    ///
    /// const ERRORS: ErrorTable = ErrorTable::new(&[ErrorRow::new(RefusalKind::Stale, "Outdated")]);
    /// const LARDER: Dialect = Dialect { error_envelope: ErrorEnvelope::Own(&ERRORS), ..Dialect::RFC_9110 };
    ///
    /// let misread = LARDER.misread_kinds();
    /// assert!(!misread.contains(&(RefusalKind::Stale, None)));
    /// assert!(misread.contains(&(RefusalKind::NotFound, None)));
    /// ```
    ///
    /// [`ErrorFormat`]: crate::ErrorFormat
    pub fn misread_kinds(&self) -> Vec<(RefusalKind, Option<RefusalKind>)> {
        let ErrorEnvelope::Own(format) = self.error_envelope else { return Vec::new() };
        let read = |kind| {
            let refusal = Refusal::new(kind);
            let status = self.status_of(&refusal);
            let context = ErrorContext { status, at: UNIX_EPOCH, request_id: [0; 16], header: &|_| None };
            format.read(status, &format.write(&refusal, &context).body)
        };
        let kinds = RefusalKind::ALL.iter().map(|kind| (*kind, read(*kind)));
        kinds.filter(|(kind, read)| *read != Some(*kind)).collect()
    }
}
