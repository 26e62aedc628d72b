//! The tag scanner and the evaluator against a second implementation, written from the text of RFC 9110.
//!
//! `VERSIONED_FUZZ_CASES` sets the number of cases of each property.

#[path = "precondition_model/evaluation.rs"]
mod evaluation;
#[path = "precondition_model/grammar.rs"]
mod grammar;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use etag_core::{
    Current, ETag, EntityTags, Field, LastModified, Malformed, MethodKind, Preconditions, Strength, TagLimits, Verdict,
    format_http_date, parse_http_date,
};
use evaluation::{IfRange, Outcome, Representation, Request};
use grammar::{Limits, Place, Reading, Tag};
use proptest::collection::vec;
use proptest::prelude::*;

fn config() -> ProptestConfig {
    let cases = std::env::var("VERSIONED_FUZZ_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { cases: cases.unwrap_or(512), failure_persistence: None, ..ProptestConfig::default() }
}

/// Dates in the three forms of §5.6.7 with their seconds, and what is close to a date without being one.
const DATES: [(&str, Option<u64>); 12] = [
    ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777)),
    ("Sunday, 06-Nov-94 08:49:37 GMT", Some(784_111_777)),
    ("Sun Nov  6 08:49:37 1994", Some(784_111_777)),
    ("Sun, 06 Nov 1994 08:49:38 GMT", Some(784_111_778)),
    ("Sun, 06 Nov 1994 08:49:36 GMT", Some(784_111_776)),
    ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
    ("Mon, 06 Nov 1994 08:49:37 GMT", None),
    ("Sun, 06 Nov 1994 08:49:37", None),
    ("Sun, 06 Nov 1994 25:49:37 GMT", None),
    ("1994-11-06T08:49:37Z", None),
    ("784111777", None),
    ("", None),
];

// Inputs.

fn opaque() -> impl Strategy<Value = Vec<u8>> {
    let etagc = prop_oneof![Just(b'a'), Just(b','), Just(b'*'), Just(0x21), 0x23..=0x7E_u8, 0x80..=0xFF_u8];
    prop_oneof![4 => vec(etagc.clone(), 0..4), 1 => vec(etagc, 40..80)]
}

fn wire_tag() -> impl Strategy<Value = Vec<u8>> {
    let prefix = prop_oneof![Just("\""), Just("W/\"")];
    (prefix, opaque()).prop_map(|(prefix, opaque)| [prefix.as_bytes(), &opaque, b"\""].concat())
}

/// Tags that meet often: two texts, both strengths.
fn common_tag() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![Just("\"a\""), Just("W/\"a\""), Just("\"b,\""), Just("W/\"b,\"")].prop_map(Into::into)
}

fn valid_line(tag: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let separator = prop_oneof![Just(","), Just(", "), Just(" ,\t"), Just(",, ,")];
    let member = (separator, tag).prop_map(|(separator, tag)| [separator.as_bytes(), &tag].concat());
    (vec(member, 0..4), 0..2_usize).prop_map(|(members, lead)| {
        let line = members.concat();
        // Half of the lines begin with their separator, which makes an empty first member.
        let cut = line.iter().position(|byte| !b", \t".contains(byte)).unwrap_or(0);
        line[cut * lead..].to_vec()
    })
}

/// One edit to a line: a byte put in, taken out or replaced.
fn mutated(line: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![3 => proptest::sample::select(b"\"W/w*, \t".to_vec()), 1 => any::<u8>()];
    (line, any::<prop::sample::Index>(), 0..3, byte).prop_map(|(mut line, at, edit, byte)| {
        let at = at.index(line.len() + 1);
        match edit {
            0 => line.insert(at, byte),
            _ if at == line.len() => line.truncate(at.saturating_sub(1)),
            1 => drop(line.remove(at)),
            _ => line[at] = byte,
        }
        line
    })
}

fn token_soup() -> impl Strategy<Value = Vec<u8>> {
    let tokens =
        ["\"", "W/", "w/", "W", "*", ",", " ", "\t", "a", "\"a\"", "W/\"b\"", "\"a,b\"", "\u{e9}", "\x7f", "\0"];
    vec(proptest::sample::select(tokens.to_vec()), 0..8).prop_map(|tokens| tokens.concat().into_bytes())
}

fn line() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => valid_line(wire_tag()),
        4 => mutated(valid_line(wire_tag())),
        3 => token_soup(),
        1 => prop_oneof![Just("*"), Just(" * "), Just("*\t")].prop_map(Into::into),
        1 => vec(any::<u8>(), 0..40),
    ]
}

fn lines() -> impl Strategy<Value = Vec<Vec<u8>>> {
    vec(line(), 0..4)
}

fn limits() -> impl Strategy<Value = Limits> {
    let wide = Just(Limits { bytes: usize::MAX, tags: usize::MAX });
    let narrow = (0..40_usize, 0..4_usize).prop_map(|(bytes, tags)| Limits { bytes, tags });
    prop_oneof![3 => wide, 1 => narrow]
}

fn date_lines() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let date = proptest::sample::select(DATES.to_vec()).prop_map(|(text, _)| text);
    let pad = prop_oneof![Just(""), Just(" "), Just("\t ")];
    let line = (pad.clone(), date, pad).prop_map(|(left, date, right)| format!("{left}{date}{right}").into_bytes());
    prop_oneof![2 => Just(Vec::new()), 4 => line.clone().prop_map(|line| vec![line]), 1 => vec(line, 2..3)]
}

fn tag_lines() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let line = prop_oneof![8 => valid_line(common_tag()), 2 => Just(b"*".to_vec()), 1 => line()];
    prop_oneof![3 => Just(Vec::new()), 3 => line.clone().prop_map(|line| vec![line]), 1 => vec(line, 2..3)]
}

fn if_range_lines() -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop_oneof![tag_lines(), date_lines(), common_tag().prop_map(|tag| vec![tag])]
}

fn representation() -> impl Strategy<Value = Option<Representation>> {
    let etag =
        proptest::option::weighted(0.8, common_tag()).prop_map(|wire| wire.and_then(|wire| grammar::read_one(&wire)));
    let date = proptest::option::weighted(0.8, 784_111_776..=784_111_778_u64);
    let some = (etag, date, any::<bool>()).prop_map(|(etag, last_modified, date_is_strong)| Representation {
        etag,
        last_modified,
        date_is_strong,
    });
    proptest::option::weighted(0.85, some)
}

// The two implementations, brought to the same terms.

fn place(malformed: Malformed) -> Place {
    Place { line: malformed.line(), byte: malformed.byte(), too_large: malformed.is_too_large() }
}

fn plain(etag: &ETag) -> Tag {
    Tag { weak: etag.is_weak(), opaque: etag.opaque().to_vec() }
}

fn reading(field: &Field<EntityTags>) -> Reading {
    match field {
        Field::Absent => Reading::Absent,
        Field::Valid(EntityTags::Any) => Reading::Any,
        Field::Valid(EntityTags::List(tags)) => Reading::List(tags.iter().map(plain).collect()),
        Field::Malformed(malformed) => Reading::Malformed(place(*malformed)),
    }
}

fn outcome(verdict: Verdict) -> Outcome {
    match verdict {
        Verdict::Proceed => Outcome::Perform,
        Verdict::NotModified => Outcome::NotModified,
        Verdict::Failed(header) => Outcome::PreconditionFailed(header.name()),
        Verdict::Malformed(malformed) => Outcome::BadRequest(malformed.header(), place(malformed)),
    }
}

fn trim(line: &[u8]) -> &[u8] {
    let mut line = line;
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = line {
        line = rest;
    }
    line
}

fn naive_date(lines: &[Vec<u8>]) -> Option<u64> {
    let [line] = lines else { return None };
    let date = DATES.iter().find(|(text, _)| text.as_bytes() == trim(line));
    date.and_then(|(_, seconds)| *seconds)
}

fn naive_if_range(lines: &[Vec<u8>]) -> IfRange {
    match lines {
        [] => IfRange::Absent,
        [line] => match (grammar::read_one(trim(line)), naive_date(lines)) {
            (Some(tag), _) => IfRange::Tag(tag),
            (None, Some(date)) => IfRange::Date(date),
            (None, None) => IfRange::Unreadable,
        },
        _ => IfRange::Unreadable,
    }
}

fn at(seconds: u64, nanos: u32) -> SystemTime {
    UNIX_EPOCH + Duration::new(seconds, nanos)
}

fn etag(tag: &Tag) -> ETag {
    if tag.weak { ETag::weak(&tag.opaque) } else { ETag::strong(&tag.opaque) }.unwrap()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn lists_are_read_as_the_grammar_says(lines in lines(), limits in limits()) {
        let slices = lines.iter().map(Vec::as_slice);
        let ours = EntityTags::parse("If-Match", slices, &TagLimits { bytes: limits.bytes, tags: limits.tags });
        prop_assert_eq!(reading(&ours), grammar::read(&lines, limits));
    }

    #[test]
    fn a_tag_is_read_as_the_grammar_says(
        wire in prop_oneof![wire_tag(), mutated(wire_tag()), token_soup(), vec(any::<u8>(), 0..80)],
    ) {
        let ours = ETag::parse(&wire);
        prop_assert_eq!(ours.as_ref().ok().map(plain), grammar::read_one(&wire));
        match ours {
            Ok(tag) => prop_assert_eq!(tag.as_bytes(), &wire),
            Err(invalid) => prop_assert!((1..=wire.len() + 1).contains(&invalid.byte()), "{}", invalid),
        }
    }

    #[test]
    fn what_is_made_is_what_is_read(opaque in vec(any::<u8>(), 0..80)) {
        for made in [ETag::strong(&opaque), ETag::weak(&opaque)].into_iter().flatten() {
            prop_assert_eq!(made.opaque(), &opaque);
            prop_assert_eq!(&ETag::parse(made.as_bytes()).unwrap(), &made);
            prop_assert!(!made.to_string().is_empty());
            prop_assert!(made.to_weak().weak_eq(&made));
        }
        let valid = opaque.iter().all(|&byte| byte > 0x20 && byte != b'"' && byte != 0x7F);
        prop_assert_eq!(ETag::strong(&opaque).is_ok(), valid);
    }

    #[test]
    fn requests_are_evaluated_as_the_rfc_says(
        (if_match, if_none_match, if_range) in (tag_lines(), tag_lines(), if_range_lines()),
        (modified, unmodified) in (date_lines(), date_lines()),
        (current, nanos) in (representation(), 0..1_000_000_000_u32),
    ) {
        let ours = Preconditions::from_lines(&TagLimits::default(), |name| {
            let lines = match name {
                "If-Match" => &if_match,
                "If-None-Match" => &if_none_match,
                "If-Modified-Since" => &modified,
                "If-Unmodified-Since" => &unmodified,
                "If-Range" => &if_range,
                other => panic!("{other} is not a conditional field"),
            };
            lines.iter().map(Vec::as_slice)
        });
        let limits = Limits { bytes: 64 * 1024, tags: 1000 };
        let theirs = Request {
            if_match: grammar::read(&if_match, limits),
            if_none_match: grammar::read(&if_none_match, limits),
            if_modified_since: naive_date(&modified),
            if_unmodified_since: naive_date(&unmodified),
            if_range: naive_if_range(&if_range),
        };
        let tag = current.as_ref().and_then(|current| current.etag.as_ref()).map(etag);
        let state = current.as_ref().map_or(Current::Absent, |current| Current::Present {
            etag: tag.as_ref(),
            last_modified: current.last_modified.map(|seconds| LastModified {
                at: at(seconds, nanos),
                strength: if current.date_is_strong { Strength::Strong } else { Strength::Weak },
            }),
        });
        for (method, is_get) in [(MethodKind::Read, true), (MethodKind::Write, false)] {
            let expected = evaluation::evaluate(&theirs, current.as_ref(), is_get);
            prop_assert_eq!(outcome(ours.evaluate(&state, method)), expected);
        }
        prop_assert_eq!(ours.if_range_passes(&state), evaluation::if_range_is_true(&theirs, current.as_ref()));
    }

    #[test]
    fn no_bytes_upset_the_dates(
        line in prop_oneof![
            vec(any::<u8>(), 0..40),
            mutated(proptest::sample::select(DATES.to_vec()).prop_map(|(text, _)| text.into())),
        ],
    ) {
        if let Some(date) = parse_http_date(&line) {
            let text = format_http_date(date).expect("a date that was read has a form");
            prop_assert_eq!(parse_http_date(text.as_bytes()), Some(date));
        }
    }

    #[test]
    fn every_time_that_has_a_form_keeps_its_second(seconds in 0..300_000_000_000_u64, nanos in 0..1_000_000_000_u32) {
        match format_http_date(at(seconds, nanos)) {
            Some(text) => prop_assert_eq!(parse_http_date(text.as_bytes()), Some(at(seconds, 0))),
            None => prop_assert!(seconds >= 253_402_300_800),
        }
    }
}
