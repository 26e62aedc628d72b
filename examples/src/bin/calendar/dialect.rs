//! How Google Calendar spells conditional requests.

use etag_axum::MultipartBatch;
use etag_core::{
    AllowUnconditional, BatchRules, Dialect, ETag, ErrorEnvelope, Head, Model, TagCodec, TagMember, TagOfAbsent,
    TagPlacement, TagText, unix_micros,
};

use crate::errors::ERRORS;

/// Google Calendar, version 3: a condition is for those who want one, and a stale one is 412.
pub(crate) const CALENDAR: Dialect = Dialect {
    name: "Google Calendar",
    codec: &TwiceUpdated,
    tag_placement: TagPlacement::HeaderAndMember(ETAG),
    tag_of_absent: TagOfAbsent::NotFound,
    missing: &AllowUnconditional,
    too_long_status: 400,
    error_envelope: ErrorEnvelope::Own(&ERRORS),
    batch: Some(BatchRules::new(&MultipartBatch::GOOGLE, 1000)),
    ..Dialect::RFC_9110
};

/// Where a body has its tag.
pub(crate) const ETAG: TagMember = TagMember::new("etag", TagText::Quoted);

/// Tags that are twice the microsecond of the last change. Rows that may come again are never removed, only marked, so
/// that each state of a resource is at least a microsecond later than any before.
#[derive(Debug)]
struct TwiceUpdated;

impl TagCodec for TwiceUpdated {
    fn encode(&self, _model: &Model, head: &Head) -> ETag {
        ETag::strong((2 * unix_micros(head.modified_at)).to_string()).expect("digits make a tag")
    }
}
