//! RFC 9110 §13.2.2 word for word, over plain data.

use super::grammar::{Place, Reading, Tag};

#[expect(clippy::struct_field_names, reason = "they are the names of the header fields")]
pub(crate) struct Request {
    pub if_match: Reading,
    pub if_none_match: Reading,
    pub if_modified_since: Option<u64>,
    pub if_unmodified_since: Option<u64>,
    pub if_range: IfRange,
}

pub(crate) enum IfRange {
    Absent,
    Unreadable,
    Tag(Tag),
    Date(u64),
}

/// A selected representation; dates are seconds.
#[derive(Clone, Debug)]
pub(crate) struct Representation {
    pub etag: Option<Tag>,
    pub last_modified: Option<u64>,
    pub date_is_strong: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Perform,
    NotModified,
    PreconditionFailed(&'static str),
    BadRequest(&'static str, Place),
}

fn strong(one: &Tag, other: &Tag) -> bool {
    !one.weak && !other.weak && one.opaque == other.opaque
}

fn weak(one: &Tag, other: &Tag) -> bool {
    one.opaque == other.opaque
}

/// §13.1.1, §13.1.2: whether the field names the current representation.
fn names(field: &Reading, current: Option<&Representation>, same: fn(&Tag, &Tag) -> bool) -> bool {
    let Some(current) = current else { return false };
    match (field, &current.etag) {
        (Reading::Any, _) => true,
        (Reading::List(tags), Some(etag)) => tags.iter().any(|tag| same(tag, etag)),
        _ => false,
    }
}

/// What a malformed field means is the project's own rule (P4), not the RFC's.
fn refusal(request: &Request, is_get: bool) -> Option<Outcome> {
    if let Reading::Malformed(place) = request.if_match {
        return Some(Outcome::BadRequest("If-Match", place));
    }
    match request.if_none_match {
        Reading::Malformed(place) if !is_get || place.too_large => Some(Outcome::BadRequest("If-None-Match", place)),
        _ => None,
    }
}

pub(crate) fn evaluate(request: &Request, current: Option<&Representation>, is_get: bool) -> Outcome {
    if let Some(refusal) = refusal(request, is_get) {
        return refusal;
    }
    let last_modified = current.and_then(|current| current.last_modified);
    let mut step = 1;
    loop {
        step = match step {
            // 1. When recipient is the origin server and If-Match is present, evaluate the If-Match precondition:
            //    if true, continue to step 3; if false, respond 412.
            1 if request.if_match != Reading::Absent => {
                if !names(&request.if_match, current, strong) {
                    return Outcome::PreconditionFailed("If-Match");
                }
                3
            }
            // 2. When recipient is the origin server, If-Match is not present, and If-Unmodified-Since is present,
            //    evaluate it: if true, continue to step 3; if false, respond 412.
            1 => 2,
            2 => {
                if let (Some(date), Some(modified)) = (request.if_unmodified_since, last_modified)
                    && modified > date
                {
                    return Outcome::PreconditionFailed("If-Unmodified-Since");
                }
                3
            }
            // 3. When If-None-Match is present, evaluate it: if true, continue to step 5; if false for GET/HEAD,
            //    respond 304; if false for other methods, respond 412.
            3 if request.if_none_match != Reading::Absent => {
                if names(&request.if_none_match, current, weak) {
                    return if is_get { Outcome::NotModified } else { Outcome::PreconditionFailed("If-None-Match") };
                }
                5
            }
            3 => 4,
            // 4. When the method is GET or HEAD, If-None-Match is not present, and If-Modified-Since is present,
            //    evaluate it: if true, continue to step 5; if false, respond 304.
            4 => {
                if let (true, Some(date), Some(modified)) = (is_get, request.if_modified_since, last_modified)
                    && modified <= date
                {
                    return Outcome::NotModified;
                }
                5
            }
            // 5 is If-Range; 6. Otherwise, perform the requested method.
            _ => return Outcome::Perform,
        }
    }
}

/// §13.1.5 and step 5 of §13.2.2.
pub(crate) fn if_range_is_true(request: &Request, current: Option<&Representation>) -> bool {
    match (&request.if_range, current) {
        (IfRange::Absent, _) => true,
        (IfRange::Unreadable, _) | (_, None) => false,
        (IfRange::Tag(tag), Some(current)) => current.etag.as_ref().is_some_and(|etag| strong(tag, etag)),
        (IfRange::Date(date), Some(current)) => current.date_is_strong && current.last_modified == Some(*date),
    }
}
