//! How much of a request is read before it is refused.

use std::time::Duration;

use etag_core::{MAX_ID_BYTES, TagLimits};

/// How much of a request is read before it is refused (rule H6). Page sizes are set for each
/// [`Resource`](crate::Resource).
///
/// ```
/// use etag_axum::Limits;
///
/// let limits = Limits { body_bytes: 64 * 1024, ..Limits::default() };
/// assert_eq!(limits.id_bytes, 255);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes and tags of one conditional header field; past them 431.
    pub tags: TagLimits,
    /// Bytes of a body; past them 413. 1 MiB by default.
    pub body_bytes: usize,
    /// Bytes of an id, decoded; a longer one names no resource. 255 by default, which is also the most.
    pub id_bytes: usize,
    /// Bytes of an `Idempotency-Key`; past them 400. 255 by default.
    pub idempotency_key_bytes: usize,
    /// How long the outcome of a write under an `Idempotency-Key` is kept for a repeat of it. A day by default.
    pub idempotency_kept_for: Duration,
    /// Operations of one JSON Patch; past them 422. 1000 by default.
    pub patch_operations: usize,
    /// Items of a batch; past them 413. 100 by default.
    pub batch_items: usize,
    /// Bytes of the body of a batch, of which that of each item has `body_bytes` at most; past them 413. 4 MiB by default.
    pub batch_bytes: usize,
    /// Bytes of all answers of a [`RequestBatch`](crate::RequestBatch); past them its other requests are not done, and are
    /// answered 413. 16 MiB by default.
    pub batch_answer_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            tags: TagLimits::default(),
            body_bytes: 1024 * 1024,
            id_bytes: MAX_ID_BYTES,
            idempotency_key_bytes: 255,
            idempotency_kept_for: Duration::from_secs(24 * 60 * 60),
            patch_operations: 1000,
            batch_items: 100,
            batch_bytes: 4 * 1024 * 1024,
            batch_answer_bytes: 16 * 1024 * 1024,
        }
    }
}
