//! What becomes of a write whose tag is not the current one.

use std::fmt;

use super::{ChangesSince, Named, Refusal, RefusalKind, WriteKind};

/// What becomes of a write whose tag is not that of the current state.
///
/// ```
/// use etag_core::{ChangesSince, Mismatch, Refusal, RefusalKind, Stale, WriteKind};
///
/// /// An update goes on where nobody has changed a member since.
/// #[derive(Debug)]
/// struct ForgiveTouches;
///
/// impl Mismatch for ForgiveTouches {
///     fn wants_changes(&self, write: WriteKind) -> bool {
///         write == WriteKind::Update
///     }
///
///     fn judge(&self, stale: &Stale<'_>) -> Result<(), Refusal> {
///         match stale.since {
///             ChangesSince::Known(paths) if paths.is_empty() => Ok(()),
///             _ => Err(Refusal::new(RefusalKind::Stale)),
///         }
///     }
/// }
/// ```
pub trait Mismatch: fmt::Debug + Send + Sync {
    /// Whether [`judge`](Self::judge) must know what changed since the state that the tag names, which costs a question to
    /// the store. The model must keep a change log (`changes = N`).
    fn wants_changes(&self, write: WriteKind) -> bool {
        let _ = write;
        false
    }

    /// Whether the write goes on all the same, on the current state.
    ///
    /// # Errors
    /// The answer to one that does not.
    fn judge(&self, stale: &Stale<'_>) -> Result<(), Refusal>;
}

/// A write whose tag is not that of the current state.
#[derive(Clone, Copy, Debug)]
pub struct Stale<'a> {
    /// What it does.
    pub write: WriteKind,
    /// The paths that it changes, as a change log has them; all may be meant where there are none.
    pub changes: &'a [String],
    /// What its tag names.
    pub named: &'a Named,
    /// What changed since.
    pub since: ChangesSince<'a>,
}

/// It is refused: whoever sent it must read again.
///
/// ```
/// use etag_core::{Dialect, RefuseStale};
///
/// let dialect = Dialect { mismatch: &RefuseStale, ..Dialect::RFC_9110 };
/// assert_eq!(dialect.mismatch_status, 412);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct RefuseStale;

impl Mismatch for RefuseStale {
    fn judge(&self, _stale: &Stale<'_>) -> Result<(), Refusal> {
        Err(Refusal::new(RefusalKind::Stale))
    }
}
