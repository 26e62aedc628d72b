use std::time::{Duration, UNIX_EPOCH};

use super::*;

const DATE: &[u8] = b"Sun, 06 Nov 1994 08:49:37 GMT";

fn parse(headers: &[(&str, &[u8])]) -> Preconditions {
    Preconditions::from_lines(&TagLimits::default(), |name| {
        headers.iter().filter(move |(header, _)| *header == name).map(|(_, line)| *line)
    })
}

fn date() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(784_111_777)
}

fn tag(wire: &str) -> ETag {
    wire.parse().unwrap()
}

#[test]
fn comparison_follows_its_table() {
    let cases = [
        ("\"1\"", "\"1\"", [true, true, true, true]),
        ("W/\"1\"", "\"1\"", [false, true, true, false]),
        ("\"1\"", "W/\"1\"", [false, false, true, false]),
        ("W/\"1\"", "W/\"1\"", [false, false, true, true]),
        ("\"1\"", "\"2\"", [false; 4]),
        ("W/\"1\"", "\"2\"", [false; 4]),
    ];
    for (presented, current, expected) in cases {
        let matches = [Comparison::Strong, Comparison::StrongOrWeakened, Comparison::Weak, Comparison::Identical]
            .map(|comparison| comparison.matches(&tag(presented), &tag(current)));
        assert_eq!(matches, expected, "{presented} {current}");
    }
}

#[test]
fn all_five_fields_are_read() {
    let request = parse(&[
        ("If-Match", b"\"1\""),
        ("If-None-Match", b"*"),
        ("If-Modified-Since", DATE),
        ("If-Unmodified-Since", DATE),
        ("If-Range", b"\"2\""),
    ]);
    let expected = Preconditions::none()
        .with_if_match(tag("\"1\""))
        .with_if_none_match(EntityTags::Any)
        .with_if_modified_since(date())
        .with_if_unmodified_since(date())
        .with_if_range(IfRange::Tag(tag("\"2\"")));
    assert_eq!(request, expected);
    assert!(!request.is_empty());
}

#[test]
fn no_header_is_no_precondition() {
    assert_eq!(parse(&[("Accept", b"*")]), Preconditions::none());
    assert!(Preconditions::none().is_empty());
}

#[test]
fn the_name_of_the_malformed_field_is_kept() {
    let request = parse(&[("If-Match", b"1"), ("If-None-Match", b"2"), ("If-Range", b"3")]);
    let headers = [request.if_match.malformed(), request.if_none_match.malformed(), request.if_range.malformed()]
        .map(|malformed| malformed.unwrap().header());
    assert_eq!(headers, ["If-Match", "If-None-Match", "If-Range"]);
}

#[test]
fn an_invalid_or_repeated_date_is_ignored() {
    for headers in [
        &[("If-Modified-Since", &b"yesterday"[..])][..],
        &[("If-Modified-Since", b"")],
        &[("If-Modified-Since", DATE), ("If-Modified-Since", DATE)],
        &[("If-Unmodified-Since", b"0")],
        &[("If-Unmodified-Since", DATE), ("If-Unmodified-Since", DATE)],
    ] {
        assert!(parse(headers).is_empty(), "{headers:?}");
    }
}

#[test]
fn white_space_around_a_date_is_skipped() {
    let line = [b" \t", DATE, b" "].concat();
    assert_eq!(parse(&[("If-Modified-Since", &line)]).if_modified_since, Some(date()));
}

#[test]
fn if_range_is_a_tag_or_a_date() {
    let cases: [(&[u8], IfRange); 4] = [
        (b"\"1\"", IfRange::Tag(tag("\"1\""))),
        (b" W/\"1\" ", IfRange::Tag(tag("W/\"1\""))),
        (DATE, IfRange::Date(date())),
        (b"Sunday, 06-Nov-94 08:49:37 GMT", IfRange::Date(date())),
    ];
    for (line, expected) in cases {
        assert_eq!(parse(&[("If-Range", line)]).if_range, Field::Valid(expected));
    }
}

#[test]
fn if_range_is_one_of_them_and_sent_once() {
    let cases: [(&[&[u8]], &str); 6] = [
        (&[b""], "If-Range, line 1, byte 1: expected an entity tag or an HTTP date"),
        (&[b" *"], "If-Range, line 1, byte 2: expected an entity tag or an HTTP date"),
        (&[b" \"1\", \"2\""], "If-Range, line 1, byte 5: expected the end after"),
        (&[b"w/\"1\""], "If-Range, line 1, byte 1: a weak tag begins"),
        (&[b"yesterday"], "If-Range, line 1, byte 1: expected an entity tag"),
        (&[b"\"1\"", b"\"1\""], "If-Range, line 2, byte 1: the field may be sent only once"),
    ];
    for (lines, beginning) in cases {
        let headers: Vec<_> = lines.iter().map(|&line| ("If-Range", line)).collect();
        let message = parse(&headers).if_range.malformed().unwrap().to_string();
        assert!(message.starts_with(beginning), "{message}");
    }
}

#[cfg(feature = "http")]
#[test]
fn a_header_map_is_read_as_its_lines_are() {
    use http::{HeaderMap, HeaderName, HeaderValue};

    let headers: [(&'static str, &[u8]); 7] = [
        ("If-Match", b"\"1\", \"\xFF\""),
        ("If-Match", b"\"2\""),
        ("If-None-Match", b"2"),
        ("If-None-Match", b"*"),
        ("If-Modified-Since", DATE),
        ("If-Unmodified-Since", DATE),
        ("If-Range", DATE),
    ];
    let map: HeaderMap = headers
        .iter()
        .map(|(name, line)| {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            (name, HeaderValue::from_bytes(line).unwrap())
        })
        .fold(HeaderMap::new(), |mut map, (name, line)| {
            map.append(name, line);
            map
        });
    let read = Preconditions::from_headers(&map, &TagLimits::default());
    assert_eq!(read, parse(&headers));
    assert!(!read.is_empty());
}
