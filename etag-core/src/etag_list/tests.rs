use super::*;

fn parse(lines: &[&[u8]]) -> Field<EntityTags> {
    parse_within(&TagLimits::default(), lines)
}

fn parse_within(limits: &TagLimits, lines: &[&[u8]]) -> Field<EntityTags> {
    EntityTags::parse("If-Match", lines.iter().copied(), limits)
}

fn list(wires: &[&[u8]]) -> Field<EntityTags> {
    let tags = wires.iter().map(|wire| ETag::parse(wire).unwrap());
    Field::Valid(tags.collect())
}

fn message(field: &Field<EntityTags>) -> String {
    field.malformed().unwrap().to_string()
}

#[test]
fn no_line_is_absent_and_not_an_empty_list() {
    assert_eq!(parse(&[]), Field::Absent);
}

#[test]
fn every_line_counts() {
    let expected = list(&[b"\"1\"", b"W/\"2\"", b"\"3\""]);
    assert_eq!(parse(&[b"\"1\", W/\"2\"", b"\"3\""]), expected);
    assert_eq!(parse(&[b"\"1\"", b"", b"W/\"2\",", b",\"3\""]), expected);
}

#[test]
fn white_space_and_empty_members_are_skipped() {
    let expected = list(&[b"\"1\"", b"\"2\""]);
    for line in [&b"\"1\",\"2\""[..], b" \"1\"\t,\t\"2\" ", b",\"1\",\"2\"", b", ,\"1\", ,,\"2\",\t,"] {
        assert_eq!(parse(&[line]), expected, "{}", line.escape_ascii());
    }
}

#[test]
fn commas_inside_a_tag_belong_to_it() {
    assert_eq!(parse(&[b"\"a,b\" , \",\""]), list(&[b"\"a,b\"", b"\",\""]));
}

#[test]
fn an_unbalanced_quote_is_malformed_and_swallows_no_member() {
    let field = parse(&[b"\"a, \"b\""]);
    assert!(message(&field).starts_with("If-Match, line 1, byte 4: 0x20"));
    let field = parse(&[b"\"a", b"b\""]);
    assert_eq!(message(&field), "If-Match, line 1, byte 3: the closing double quote is missing");
}

#[test]
fn obs_text_is_kept() {
    assert_eq!(parse(&[b"\"\x80\xFF\", \"b\""]), list(&[b"\"\x80\xFF\"", b"\"b\""]));
}

#[test]
fn white_space_in_a_tag_is_malformed() {
    for line in [&b"\"a b\""[..], b"\"a\tb\"", b"\"\x7F\"", b"\"\0\""] {
        assert!(parse(&[line]).malformed().is_some(), "{}", line.escape_ascii());
    }
}

#[test]
fn a_star_is_any() {
    for line in [&b"*"[..], b" *", b"*\t "] {
        assert_eq!(parse(&[line]), Field::Valid(EntityTags::Any));
    }
}

#[test]
fn a_star_beside_anything_is_malformed() {
    let cases: [(&[&[u8]], usize, usize); 8] = [
        (&[b"*, \"1\""], 1, 2),
        (&[b"\"1\", *"], 1, 6),
        (&[b"*,*"], 1, 2),
        (&[b"**"], 1, 2),
        (&[b",*"], 1, 2),
        (&[b"*", b"*"], 2, 1),
        (&[b"\"1\"", b" *"], 2, 2),
        (&[b"*", b"\"1\""], 2, 1),
    ];
    for (lines, line, byte) in cases {
        let malformed = parse(lines).malformed().unwrap();
        assert_eq!((malformed.line(), malformed.byte()), (line, byte), "{lines:?}");
        assert_eq!(malformed.reason().to_string(), "`*` has to be the whole field");
    }
}

#[test]
fn a_quoted_star_is_a_tag() {
    assert_eq!(parse(&[b"\"*\""]), list(&[b"\"*\""]));
}

#[test]
fn a_field_without_members_is_malformed_and_not_absent() {
    for lines in [&[&b""[..]][..], &[b" \t"], &[b",,"], &[b"", b" , "]] {
        let malformed = parse(lines).malformed().unwrap();
        assert_eq!((malformed.line(), malformed.byte()), (1, 1));
        assert!(malformed.reason().to_string().starts_with("the field names no tag"));
        assert!(!malformed.is_too_large());
    }
}

#[test]
fn malformed_fields_name_line_and_byte() {
    let cases: [(&[&[u8]], &str); 7] = [
        (&[b"abc"], "If-Match, line 1, byte 1: expected a double quote"),
        (&[b"\"1\" \"2\""], "If-Match, line 1, byte 5: expected a comma"),
        (&[b"\"1\"\"2\""], "If-Match, line 1, byte 4: expected a comma"),
        (&[b"\"1\"; q=1"], "If-Match, line 1, byte 4: expected a comma"),
        (&[b"\"1\"", b", w/\"2\""], "If-Match, line 2, byte 3: a weak tag begins"),
        (&[b"\"1\", W \"2\""], "If-Match, line 1, byte 7: expected a slash"),
        (&[b"\"1\", \"2"], "If-Match, line 1, byte 8: the closing double quote"),
    ];
    for (lines, beginning) in cases {
        let message = message(&parse(lines));
        assert!(message.starts_with(beginning), "{message}");
    }
}

#[test]
fn a_tag_too_many_is_too_large() {
    let limits = TagLimits { tags: 2, ..TagLimits::default() };
    let full: &[&[u8]] = &[b"\"1\"", b"\"2\""];
    assert_eq!(parse_within(&limits, full), list(full));
    let malformed = parse_within(&limits, &[b"\"1\"", b"\"2\", \"3\""]).malformed().unwrap();
    assert!(malformed.is_too_large());
    assert_eq!((malformed.line(), malformed.byte()), (2, 6));
    assert_eq!(malformed.reason().to_string(), "the field has more than 2 tags; send fewer");
}

#[test]
fn a_byte_too_many_is_too_large() {
    let limits = TagLimits { bytes: 7, ..TagLimits::default() };
    assert!(parse_within(&limits, &[b"\"1\"", b"\"22\""]).valid().is_some());
    let malformed = parse_within(&limits, &[b"\"1\"", b"\"22\","]).malformed().unwrap();
    assert!(malformed.is_too_large());
    assert_eq!((malformed.line(), malformed.byte()), (2, 5));
}

#[test]
fn a_hundred_kilobytes_are_too_large_by_default() {
    let tag = [b"\"", &vec![b'x'; 100_000][..], b"\""].concat();
    assert!(parse(&[&tag]).malformed().unwrap().is_too_large());
}

#[test]
fn limits_of_zero_still_know_absence() {
    let none = TagLimits { bytes: 0, tags: 0 };
    assert_eq!(parse_within(&none, &[]), Field::Absent);
    assert!(parse_within(&none, &[b"*"]).malformed().unwrap().is_too_large());
    let no_tags = TagLimits { tags: 0, ..TagLimits::default() };
    assert!(parse_within(&no_tags, &[b"\"1\""]).malformed().unwrap().is_too_large());
    assert_eq!(parse_within(&no_tags, &[b"*"]), Field::Valid(EntityTags::Any));
}

#[test]
fn ten_thousand_tags_are_read_where_the_limits_allow() {
    let wide = TagLimits { bytes: usize::MAX, tags: usize::MAX };
    let line = (0..10_000).map(|n| format!("\"{n}\"")).collect::<Vec<_>>().join(", ");
    let field = parse_within(&wide, &[line.as_bytes(), line.as_bytes()]);
    let Field::Valid(EntityTags::List(tags)) = field else { panic!("{field:?}") };
    assert_eq!(tags.len(), 20_000);
    for (at, opaque) in [(0, "0"), (1, "1"), (10_000, "0"), (19_999, "9999")] {
        assert_eq!(tags[at], ETag::strong(opaque).unwrap());
    }
}
