use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::*;
use crate::etag::ETag;
use crate::etag_list::TagLimits;

use FailedHeader::{IfMatch, IfNoneMatch, IfUnmodifiedSince};
use MethodKind::{Read, Write};
use Verdict::{Failed, NotModified, Proceed};

fn tag(wire: &str) -> ETag {
    wire.parse().unwrap()
}

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn dated(seconds: u64) -> Current<'static> {
    Current::Present { etag: None, last_modified: Some(LastModified::strong(at(seconds))) }
}

fn malformed(header: &'static str) -> Field<EntityTags> {
    EntityTags::parse(header, [&b"abc"[..]], &TagLimits::default())
}

fn too_large(header: &'static str) -> Field<EntityTags> {
    let none = TagLimits { bytes: 0, tags: 0 };
    EntityTags::parse(header, [&b"\"1\""[..]], &none)
}

const UNTAGGED: Current<'static> = Current::Present { etag: None, last_modified: None };

/// `If-Match`, `If-None-Match`, the current tag, what a read gets, what a write gets; `-` is
/// none of them, and `?` a representation without a tag.
#[rustfmt::skip]
const BY_TAG: [(&str, &str, &str, Verdict, Verdict); 32] = [
    ("-",      "-",      "-",      Proceed,             Proceed),
    ("-",      "-",      "\"1\"",  Proceed,             Proceed),
    // Step 1.
    ("\"1\"",  "-",      "\"1\"",  Proceed,             Proceed),
    ("\"1\"",  "-",      "\"2\"",  Failed(IfMatch),     Failed(IfMatch)),
    ("\"1\"",  "-",      "-",      Failed(IfMatch),     Failed(IfMatch)),
    ("\"1\"",  "-",      "?",      Failed(IfMatch),     Failed(IfMatch)),
    ("W/\"1\"", "-",     "\"1\"",  Failed(IfMatch),     Failed(IfMatch)),
    ("\"1\"",  "-",      "W/\"1\"", Failed(IfMatch),    Failed(IfMatch)),
    ("W/\"1\"", "-",     "W/\"1\"", Failed(IfMatch),    Failed(IfMatch)),
    ("\"0\",\"1\"", "-", "\"1\"",  Proceed,             Proceed),
    ("*",      "-",      "\"1\"",  Proceed,             Proceed),
    ("*",      "-",      "W/\"1\"", Proceed,            Proceed),
    ("*",      "-",      "?",      Proceed,             Proceed),
    ("*",      "-",      "-",      Failed(IfMatch),     Failed(IfMatch)),
    // Step 3.
    ("-",      "\"1\"",  "\"1\"",  NotModified,         Failed(IfNoneMatch)),
    ("-",      "W/\"1\"", "\"1\"", NotModified,         Failed(IfNoneMatch)),
    ("-",      "\"1\"",  "W/\"1\"", NotModified,        Failed(IfNoneMatch)),
    ("-",      "W/\"1\"", "W/\"1\"", NotModified,       Failed(IfNoneMatch)),
    ("-",      "\"1\"",  "\"2\"",  Proceed,             Proceed),
    ("-",      "\"0\",\"1\"", "\"1\"", NotModified,     Failed(IfNoneMatch)),
    ("-",      "\"1\"",  "-",      Proceed,             Proceed),
    ("-",      "\"1\"",  "?",      Proceed,             Proceed),
    ("-",      "*",      "\"1\"",  NotModified,         Failed(IfNoneMatch)),
    ("-",      "*",      "W/\"1\"", NotModified,        Failed(IfNoneMatch)),
    ("-",      "*",      "?",      NotModified,         Failed(IfNoneMatch)),
    ("-",      "*",      "-",      Proceed,             Proceed),
    // Step 1 before step 3.
    ("\"1\"",  "\"1\"",  "\"1\"",  NotModified,         Failed(IfNoneMatch)),
    ("\"1\"",  "\"1\"",  "\"2\"",  Failed(IfMatch),     Failed(IfMatch)),
    ("\"1\"",  "\"2\"",  "\"1\"",  Proceed,             Proceed),
    ("\"1\"",  "\"2\"",  "\"2\"",  Failed(IfMatch),     Failed(IfMatch)),
    ("*",      "*",      "-",      Failed(IfMatch),     Failed(IfMatch)),
    ("*",      "*",      "\"1\"",  NotModified,         Failed(IfNoneMatch)),
];

fn field(header: &'static str, value: &str) -> Field<EntityTags> {
    let line = (value != "-").then_some(value.as_bytes());
    EntityTags::parse(header, line, &TagLimits::default())
}

#[test]
fn tags_are_evaluated_as_section_13_2_2_says() {
    for (if_match, if_none_match, current, read, write) in BY_TAG {
        let request = Preconditions {
            if_match: field("If-Match", if_match),
            if_none_match: field("If-None-Match", if_none_match),
            ..Preconditions::none()
        };
        let etag = ETag::parse(current.as_bytes()).ok();
        let current = match current {
            "-" => Current::Absent,
            _ => Current::Present { etag: etag.as_ref(), last_modified: None },
        };
        let case = format!("{if_match} {if_none_match} {current:?}");
        assert_eq!(request.evaluate(&current, Read), read, "{case}");
        assert_eq!(request.evaluate(&current, Write), write, "{case}");
    }
}

/// `If-Unmodified-Since`, `If-Modified-Since`, the current date, what a read and a write get;
/// 0 is none of them.
#[rustfmt::skip]
const BY_DATE: [(u64, u64, u64, Verdict, Verdict); 14] = [
    (5, 0, 4, Proceed,                   Proceed),
    (5, 0, 5, Proceed,                   Proceed),
    (5, 0, 6, Failed(IfUnmodifiedSince), Failed(IfUnmodifiedSince)),
    (5, 0, 0, Proceed,                   Proceed),
    (0, 5, 4, NotModified,               Proceed),
    (0, 5, 5, NotModified,               Proceed),
    (0, 5, 6, Proceed,                   Proceed),
    (0, 5, 0, Proceed,                   Proceed),
    (5, 5, 5, NotModified,               Proceed),
    (5, 5, 6, Failed(IfUnmodifiedSince), Failed(IfUnmodifiedSince)),
    (7, 5, 6, Proceed,                   Proceed),
    (5, 7, 6, Failed(IfUnmodifiedSince), Failed(IfUnmodifiedSince)),
    (5, 5, 0, Proceed,                   Proceed),
    (0, 0, 5, Proceed,                   Proceed),
];

#[test]
fn dates_are_evaluated_as_section_13_2_2_says() {
    let date = |seconds: u64| (seconds > 0).then(|| at(seconds));
    for (unmodified, modified, current, read, write) in BY_DATE {
        let request = Preconditions {
            if_unmodified_since: date(unmodified),
            if_modified_since: date(modified),
            ..Preconditions::none()
        };
        let current = Current::Present { etag: None, last_modified: date(current).map(LastModified::weak) };
        let case = format!("{unmodified} {modified} {current:?}");
        assert_eq!(request.evaluate(&current, Read), read, "{case}");
        assert_eq!(request.evaluate(&current, Write), write, "{case}");
    }
}

#[test]
fn dates_mean_nothing_to_an_absent_state() {
    let request = Preconditions::none().with_if_modified_since(at(5)).with_if_unmodified_since(at(5));
    assert_eq!(request.evaluate(&Current::Absent, Read), Proceed);
    assert_eq!(request.evaluate(&Current::Absent, Write), Proceed);
}

#[test]
fn a_part_of_a_second_does_not_count() {
    let later =
        Current::Present { etag: None, last_modified: Some(LastModified::strong(at(5) + Duration::from_millis(999))) };
    let request = Preconditions::none().with_if_modified_since(at(5));
    assert_eq!(request.evaluate(&later, Read), NotModified);
    let request = Preconditions::none().with_if_unmodified_since(at(5));
    assert_eq!(request.evaluate(&later, Write), Proceed);
    let request = Preconditions::none().with_if_range(IfRange::Date(at(5)));
    assert!(request.if_range_passes(&later));
}

#[test]
fn if_unmodified_since_is_ignored_beside_if_match() {
    let etag = tag("\"1\"");
    let current = Current::Present { etag: Some(&etag), last_modified: Some(LastModified::strong(at(9))) };
    let request = Preconditions::none().with_if_match(etag.clone()).with_if_unmodified_since(at(5));
    assert_eq!(request.evaluate(&current, Write), Proceed);
}

// Traps that peers fell into, by their numbers.

#[test]
fn trap_1_an_absent_if_match_is_unconditional() {
    let absent = EntityTags::parse("If-Match", [], &TagLimits::default());
    let request = Preconditions { if_match: absent, ..Preconditions::none() };
    assert_eq!(request.evaluate(&Current::tagged(&tag("\"1\"")), Write), Proceed);
    assert_eq!(request.guards_write(&UNTAGGED, Comparison::Strong), Guard::None);
}

#[test]
fn trap_2_a_tag_on_the_second_line_matches() {
    let lines = [&b"\"1\""[..], b"\"2\""];
    let request = Preconditions {
        if_match: EntityTags::parse("If-Match", lines, &TagLimits::default()),
        ..Preconditions::none()
    };
    assert_eq!(request.evaluate(&Current::tagged(&tag("\"2\"")), Write), Proceed);
}

#[test]
fn trap_3_malformed_never_fails_open() {
    let etag = tag("\"1\"");
    for current in [Current::Absent, UNTAGGED, Current::tagged(&etag)] {
        let guarded_create = Preconditions { if_none_match: malformed("If-None-Match"), ..Preconditions::none() };
        let verdict = guarded_create.evaluate(&current, Write);
        assert!(matches!(verdict, Verdict::Malformed(m) if m.header() == "If-None-Match"));
        assert_eq!(guarded_create.evaluate(&current, Read), Proceed);

        let guarded_edit = Preconditions { if_match: malformed("If-Match"), ..Preconditions::none() };
        for method in [Read, Write] {
            let verdict = guarded_edit.evaluate(&current, method);
            assert!(matches!(verdict, Verdict::Malformed(m) if m.header() == "If-Match"));
        }
    }
}

#[test]
fn malformed_is_told_before_failed() {
    let request = Preconditions {
        if_none_match: malformed("If-None-Match"),
        ..Preconditions::none().with_if_match(tag("\"1\""))
    };
    let verdict = request.evaluate(&Current::Absent, Write);
    assert!(matches!(verdict, Verdict::Malformed(_)));
    assert_eq!(request.evaluate(&Current::Absent, Read), Failed(IfMatch));
}

#[test]
fn too_large_is_refused_on_any_method() {
    let request = Preconditions { if_none_match: too_large("If-None-Match"), ..Preconditions::none() };
    for method in [Read, Write] {
        let verdict = request.evaluate(&UNTAGGED, method);
        assert!(matches!(verdict, Verdict::Malformed(m) if m.is_too_large()));
    }
}

#[test]
fn trap_4_a_comma_in_a_tag_splits_nothing() {
    let request = Preconditions { if_none_match: field("If-None-Match", "\"a,b\""), ..Preconditions::none() };
    assert_eq!(request.evaluate(&Current::tagged(&tag("\"a,b\"")), Read), NotModified);
    assert_eq!(request.evaluate(&Current::tagged(&tag("\"a\"")), Read), Proceed);
}

#[test]
fn trap_5_obs_text_in_one_tag_leaves_the_others() {
    let line = &b"\"\xFF\", \"1\""[..];
    let request = Preconditions {
        if_match: EntityTags::parse("If-Match", [line], &TagLimits::default()),
        ..Preconditions::none()
    };
    assert_eq!(request.evaluate(&Current::tagged(&tag("\"1\"")), Write), Proceed);
}

#[test]
fn trap_6_a_star_passes_where_something_exists() {
    let update = Preconditions::none().with_if_match(EntityTags::Any);
    assert_eq!(update.evaluate(&Current::tagged(&tag("\"1\"")), Write), Proceed);
    assert_eq!(update.evaluate(&Current::Absent, Write), Failed(IfMatch));
    let create = Preconditions::none().with_if_none_match(EntityTags::Any);
    assert_eq!(create.evaluate(&Current::Absent, Write), Proceed);
}

#[test]
fn trap_7_no_representation_is_not_the_same_as_no_tag() {
    let create = Preconditions::none().with_if_none_match(EntityTags::Any);
    assert_eq!(create.evaluate(&Current::Absent, Write), Proceed);
    assert_eq!(create.evaluate(&UNTAGGED, Write), Failed(IfNoneMatch));
}

#[test]
fn trap_8_if_match_compares_strongly_and_if_none_match_weakly() {
    let weak = tag("W/\"1\"");
    let current = Current::tagged(&weak);
    let update = Preconditions::none().with_if_match(weak.clone());
    assert_eq!(update.evaluate(&current, Write), Failed(IfMatch));
    let refresh = Preconditions::none().with_if_none_match(tag("\"1\""));
    assert_eq!(refresh.evaluate(&current, Read), NotModified);
}

#[test]
fn trap_9_if_modified_since_is_ignored_beside_if_none_match() {
    let new = tag("\"2\"");
    let current = Current::Present { etag: Some(&new), last_modified: Some(LastModified::strong(at(5))) };
    let request = Preconditions::none().with_if_none_match(tag("\"1\"")).with_if_modified_since(at(5));
    assert_eq!(request.evaluate(&current, Read), Proceed);
    let unreadable = Preconditions { if_none_match: malformed("If-None-Match"), ..request };
    assert_eq!(unreadable.evaluate(&current, Read), Proceed);
}

#[test]
fn trap_10_the_header_that_failed_is_the_one_that_is_named() {
    let named = [IfMatch, IfNoneMatch, IfUnmodifiedSince].map(|header| header.to_string());
    assert_eq!(named, ["If-Match", "If-None-Match", "If-Unmodified-Since"]);
}

#[test]
fn the_comparison_is_that_of_the_dialect() {
    let (strong, weak) = (tag("\"1\""), tag("W/\"1\""));
    let verdict = |presented: &ETag, current: &ETag, comparison| {
        let request = Preconditions::none().with_if_match(presented.clone());
        request.evaluate_with(&Current::tagged(current), Write, comparison)
    };
    assert_eq!(verdict(&weak, &strong, Comparison::Strong), Failed(IfMatch));
    assert_eq!(verdict(&weak, &strong, Comparison::StrongOrWeakened), Proceed);
    assert_eq!(verdict(&weak, &weak, Comparison::StrongOrWeakened), Failed(IfMatch));
    assert_eq!(verdict(&weak, &weak, Comparison::Weak), Proceed);
}

#[test]
fn if_range_needs_a_strong_validator_that_is_the_same() {
    let strong = tag("\"1\"");
    let weak = tag("W/\"1\"");
    let by_tag = |presented: &ETag, current: &Current<'_>| {
        let request = Preconditions::none().with_if_range(IfRange::Tag(presented.clone()));
        request.if_range_passes(current)
    };
    assert!(by_tag(&strong, &Current::tagged(&strong)));
    assert!(!by_tag(&weak, &Current::tagged(&weak)));
    assert!(!by_tag(&strong, &Current::tagged(&weak)));
    assert!(!by_tag(&strong, &UNTAGGED));
    assert!(!by_tag(&strong, &Current::Absent));

    let by_date = Preconditions::none().with_if_range(IfRange::Date(at(5)));
    let weakly = Current::Present { etag: None, last_modified: Some(LastModified::weak(at(5))) };
    assert!(by_date.if_range_passes(&dated(5)));
    assert!(!by_date.if_range_passes(&dated(4)));
    assert!(!by_date.if_range_passes(&dated(6)));
    assert!(!by_date.if_range_passes(&weakly));
    assert!(!by_date.if_range_passes(&Current::Absent));
}

#[test]
fn a_malformed_if_range_gets_the_whole_representation_and_is_no_error() {
    let request = Preconditions::from_lines(&TagLimits::default(), |name| (name == "If-Range").then_some(&b"abc"[..]));
    assert!(!request.if_range_passes(&UNTAGGED));
    assert_eq!(request.evaluate(&UNTAGGED, Read), Proceed);
    assert_eq!(request.evaluate(&UNTAGGED, Write), Proceed);
    assert!(Preconditions::none().if_range_passes(&UNTAGGED));
}

#[test]
fn what_can_keep_an_update_from_being_lost_is_a_guard() {
    let none = Preconditions::none;
    let weak = || tag("W/\"1\"");
    let strong = || tag("\"1\"");
    let weakly = Current::Present { etag: None, last_modified: Some(LastModified::weak(at(5))) };
    let cases = [
        (none(), dated(5), Guard::None),
        (none().with_if_match(strong()), Current::Absent, Guard::Tag),
        (none().with_if_match(EntityTags::Any), Current::Absent, Guard::Tag),
        (none().with_if_match(EntityTags::from_iter([weak(), strong()])), dated(5), Guard::Tag),
        (none().with_if_match(weak()), dated(5), Guard::None),
        (none().with_if_none_match(EntityTags::Any), dated(5), Guard::Tag),
        (none().with_if_none_match(strong()), dated(5), Guard::None),
        (none().with_if_modified_since(at(5)), dated(5), Guard::None),
        (none().with_if_range(IfRange::Tag(strong())), dated(5), Guard::None),
        (none().with_if_unmodified_since(at(5)), dated(5), Guard::Date),
        (none().with_if_unmodified_since(at(5)), weakly, Guard::None),
        (none().with_if_unmodified_since(at(5)), UNTAGGED, Guard::None),
        (none().with_if_unmodified_since(at(5)), Current::Absent, Guard::None),
        (none().with_if_unmodified_since(at(5)).with_if_match(weak()), dated(5), Guard::None),
    ];
    for (request, current, guard) in cases {
        let found = request.guards_write(&current, Comparison::Strong);
        assert_eq!(found, guard, "{request:?} {current:?}");
        assert_eq!(found.is_some(), guard != Guard::None);
    }
}

#[test]
fn a_weak_tag_is_a_guard_where_it_can_match() {
    let request = Preconditions::none().with_if_match(tag("W/\"1\""));
    for comparison in [Comparison::StrongOrWeakened, Comparison::Weak, Comparison::Identical] {
        assert_eq!(request.guards_write(&UNTAGGED, comparison), Guard::Tag);
    }
}
