//! Which writes need no condition.

use std::fmt;

use super::{Refusal, RefusalKind, WriteKind};
use crate::Head;

/// Which writes need no condition (rule P5).
///
/// ```
/// use etag_core::{Head, Missing, Refusal, RefusalKind, WriteKind};
///
/// /// Only deletes need one.
/// #[derive(Debug)]
/// struct GuardDeletes;
///
/// impl Missing for GuardDeletes {
///     fn judge(&self, write: WriteKind, _state: Option<&Head>) -> Result<(), Refusal> {
///         match write {
///             WriteKind::Delete => Err(Refusal::new(RefusalKind::ConditionMissing)),
///             _ => Ok(()),
///         }
///     }
/// }
///
/// assert!(GuardDeletes.judge(WriteKind::Update, None).is_ok());
/// ```
pub trait Missing: fmt::Debug + Send + Sync {
    /// Whether a write without a condition goes on, of a resource in this state.
    ///
    /// # Errors
    /// The answer to one that does not: [`RefusalKind::ConditionMissing`], or what the dialect makes of it.
    fn judge(&self, write: WriteKind, state: Option<&Head>) -> Result<(), Refusal>;
}

/// A write that names no state may create a resource and change none.
///
/// ```
/// use etag_core::{Missing, RequireCondition, WriteKind};
///
/// assert!(RequireCondition.judge(WriteKind::Replace, None).is_ok());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct RequireCondition;

impl Missing for RequireCondition {
    fn judge(&self, _write: WriteKind, state: Option<&Head>) -> Result<(), Refusal> {
        if state.is_none() { Ok(()) } else { Err(Refusal::new(RefusalKind::ConditionMissing)) }
    }
}

/// A write that names no state changes whatever there is: the last one wins.
///
/// ```
/// use etag_core::{AllowUnconditional, Missing, WriteKind};
///
/// assert!(AllowUnconditional.judge(WriteKind::Delete, None).is_ok());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct AllowUnconditional;

impl Missing for AllowUnconditional {
    fn judge(&self, _write: WriteKind, _state: Option<&Head>) -> Result<(), Refusal> {
        Ok(())
    }
}
