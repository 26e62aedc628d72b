//! Digests, tags and preconditions: nothing but computing.

use std::{
    hint::black_box,
    time::{Duration, UNIX_EPOCH},
};

use axum::http::{HeaderMap, HeaderValue, header::IF_NONE_MATCH};
use etag_core::{
    Current, ETag, EntityTags, Epoch, MethodKind, Preconditions, Revision, TagLimits, TagPlan, Versioned as _,
};

use super::Group;
use crate::{
    hand,
    measure::{Side, Sides, computing, per_item},
    model::{DigestedTask, Task},
    pace::Kind,
    row::{Row, Target},
};

pub(crate) fn group() -> Group {
    let sizes = [("700", "700 bytes", 700), ("10k", "10 KB", 10_000), ("1m", "1 MB", 1_000_000)];
    let mut rows: Vec<_> = sizes.into_iter().map(|(id, size, bytes)| digest(id, size, bytes)).collect();
    rows.extend([
        digest_by_json(),
        header_of_stored_tag(),
        header_of_revision(),
        if_none_match(),
        all_headers(),
        many_tags(),
    ]);
    Group { title: "Tags and preconditions", notes: NOTES, rows }
}

const NOTES: &str = "The walk by hand gathers names, lengths and values in a buffer of 1 KiB for SHA-256. It knows the \
type, so it needs no markers of types. What may allocate is asserted by `etag-core/tests/allocation.rs`, not here: a counting \
allocator would slow both sides down.";

fn digest(id: &str, size: &str, bytes: usize) -> Row {
    Row::new(format!("digest-{id}"), Kind::Computing, format!("digest of a task of {size}"), "walk into SHA-256")
        .target(Target::AtMost(1.05))
        .sides(move |_| {
            let (theirs, ours) = (DigestedTask::of_size(bytes), DigestedTask::of_size(bytes));
            Sides::new(computing(move || hand::digest::walk(&theirs)), computing(move || ours.content_digest()))
        })
}

fn digest_by_json() -> Row {
    Row::new("digest-json", Kind::Computing, "digest of a task of 700 bytes", "`to_vec`, SHA-256, hexadecimal")
        .target(Target::AtMost(1.0 / 2.5))
        .sides(|_| {
            let (theirs, ours) = (DigestedTask::of_size(700), DigestedTask::of_size(700));
            let by_json = computing(move || hand::digest::by_way_of_json(&theirs));
            Sides::new(by_json, computing(move || ours.content_digest()))
        })
}

const WITHIN: Target = Target::Within(Duration::from_nanos(45));

fn revision() -> Revision {
    Revision::new(Epoch::from_bytes([7, 1, 200, 41, 90, 33]), 1_234_567)
}

fn header_of_stored_tag() -> Row {
    Row::new("tag-header", Kind::Computing, "stored revision tag to header value", "revision between quotes")
        .target(WITHIN)
        .sides(|_| {
            let stored = TagPlan::Revision.tag(revision(), UNIX_EPOCH);
            let mut number = 1_234_567;
            let by_hand = computing(move || {
                number += 1;
                hand::etag::of_revision(number)
            });
            Sides::new(by_hand, computing(move || HeaderValue::from(Task::MODEL.publish(&stored))))
        })
}

fn header_of_revision() -> Row {
    Row::new("revision-header", Kind::Computing, "revision to stored tag to header value", "revision between quotes")
        .sides(|_| {
            let mut number = 1_234_567;
            let by_hand = computing(move || {
                number += 1;
                hand::etag::of_revision(number)
            });
            let mut sequence = 1_234_567;
            let ours = computing(move || {
                sequence += 1;
                let stored = TagPlan::Revision.tag(Revision::new(revision().epoch(), sequence), UNIX_EPOCH);
                HeaderValue::from(Task::MODEL.publish(&stored))
            });
            Sides::new(by_hand, ours)
        })
}

fn if_none_match() -> Row {
    Row::new("if-none-match", Kind::Computing, "parse and evaluate one If-None-Match", "compare bytes")
        .target(Target::Within(Duration::from_nanos(40)))
        .sides(|_| {
            let (tag, limits) = (tag(), TagLimits::default());
            let (theirs, sent, line) = (tag.clone(), HeaderValue::from(&tag), HeaderValue::from(&tag));
            let by_hand = computing(move || hand::etag::is_the_tag(black_box(sent.as_bytes()), theirs.as_bytes()));
            let ours = computing(move || {
                let if_none_match = EntityTags::parse("If-None-Match", [black_box(line.as_bytes())], &limits);
                let preconditions = Preconditions { if_none_match, ..Preconditions::none() };
                preconditions.evaluate(&Current::tagged(&tag), MethodKind::Read)
            });
            Sides::new(by_hand, ours)
        })
}

fn tag() -> ETag {
    Task::MODEL.publish(&TagPlan::Revision.tag(revision(), UNIX_EPOCH))
}

fn all_headers() -> Row {
    Row::new(
        "all-headers",
        Kind::Computing,
        "read all five fields of a request, and evaluate",
        "look up one field, compare bytes",
    )
    .sides(|_| {
        let tag = tag();
        let (theirs, their_headers) = (tag.clone(), headers(&tag));
        let by_hand = computing(move || {
            let sent = their_headers.get(IF_NONE_MATCH).map(HeaderValue::as_bytes);
            sent.is_some_and(|sent| hand::etag::is_the_tag(sent, theirs.as_bytes()))
        });
        let headers = headers(&tag);
        let limits = TagLimits::default();
        let ours = computing(move || {
            let lines = headers.get_all(IF_NONE_MATCH).iter().map(HeaderValue::as_bytes);
            let if_none_match = EntityTags::parse("If-None-Match", lines, &limits);
            Preconditions { if_none_match, ..Preconditions::none() }.evaluate(&Current::tagged(&tag), MethodKind::Read)
        });
        Sides::new(by_hand, ours)
    })
}

fn headers(tag: &ETag) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("host", HeaderValue::from_static("localhost"));
    headers.insert("accept", HeaderValue::from_static("application/json"));
    headers.insert(IF_NONE_MATCH, HeaderValue::from(tag));
    headers
}

/// The counterpart is our own list of a hundred tags: ten thousand must cost the same for each.
fn many_tags() -> Row {
    Row::new("ten-thousand-tags", Kind::Computing, "one tag of an If-None-Match of 10,000", "ours, of 100")
        .target(Target::AtMost(1.2))
        .sides(|_| Sides::new(per_item(list(100), 100), per_item(list(10_000), 10_000)))
}

fn list(tags: u32) -> Side {
    let line: Vec<_> = (0..tags).map(|n| format!("\"r1.BwHIKVoh.{}\"", 1_000_000 + n)).collect();
    let line = line.join(", ");
    let tag = tag();
    let limits = TagLimits { bytes: 1 << 20, tags: 10_000 };
    computing(move || {
        let if_none_match = EntityTags::parse("If-None-Match", [line.as_bytes()], &limits);
        Preconditions { if_none_match, ..Preconditions::none() }.evaluate(&Current::tagged(&tag), MethodKind::Read)
    })
}
