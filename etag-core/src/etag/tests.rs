use super::*;

fn parsed(wire: &str) -> ETag {
    wire.parse().unwrap()
}

/// The examples of RFC 9110 §8.8.3.2: one, other, strong, weak.
const COMPARISONS: [(&str, &str, bool, bool); 4] = [
    ("W/\"1\"", "W/\"1\"", false, true),
    ("W/\"1\"", "W/\"2\"", false, false),
    ("W/\"1\"", "\"1\"", false, true),
    ("\"1\"", "\"1\"", true, true),
];

#[test]
fn comparisons_follow_the_table_of_the_rfc() {
    for (one, other, strong, weak) in COMPARISONS {
        for (one, other) in [(one, other), (other, one)] {
            let (left, right) = (parsed(one), parsed(other));
            assert_eq!(left.strong_eq(&right), strong, "{one} {other}");
            assert_eq!(left.weak_eq(&right), weak, "{one} {other}");
            assert_eq!(left == right, one == other, "{one} {other}");
        }
    }
}

#[test]
fn strong_tags_with_different_text_never_match() {
    let (one, other) = (parsed("\"1\""), parsed("\"2\""));
    assert!(!one.strong_eq(&other) && !one.weak_eq(&other) && one != other);
}

#[test]
fn a_weak_tag_differs_from_a_strong_one_that_spells_its_prefix() {
    let (weak, strong) = (ETag::weak("1").unwrap(), ETag::strong("W/1").unwrap());
    assert!(!weak.weak_eq(&strong) && !strong.is_weak());
}

#[test]
fn every_byte_is_judged_as_the_grammar_says() {
    for byte in 0..=u8::MAX {
        let allowed = byte == 0x21 || (0x23..=0x7E).contains(&byte) || byte >= 0x80;
        assert_eq!(ETag::strong([b'a', byte]).is_ok(), allowed, "0x{byte:02X}");
        let wire = [b'"', byte, b'"'];
        assert_eq!(ETag::parse(&wire).is_ok(), allowed, "0x{byte:02X}");
    }
}

#[test]
fn a_tag_has_one_cache_line() {
    assert_eq!(size_of::<ETag>(), 64);
}

#[test]
fn length_makes_no_difference_but_for_the_storage() {
    for len in 0..200 {
        let opaque = "x".repeat(len);
        for tag in [ETag::strong(&opaque).unwrap(), ETag::weak(&opaque).unwrap()] {
            assert_eq!(tag.opaque(), opaque.as_bytes());
            assert_eq!(ETag::parse(tag.as_bytes()).unwrap(), tag);
            let is_inline = matches!(tag.0, Wire::Inline { .. });
            assert_eq!(is_inline, tag.as_bytes().len() <= 62, "{len}");
        }
    }
}

#[test]
fn weakening_keeps_the_text() {
    for len in [0, 1, 59, 60, 61, 62, 63] {
        let strong = ETag::strong("x".repeat(len)).unwrap();
        let weak = strong.to_weak();
        assert!(weak.is_weak() && weak.weak_eq(&strong));
        assert_eq!(weak.clone().into_weak(), weak);
    }
}

#[test]
fn pieces_are_joined() {
    let joined = ETag::from_parts(Strength::Weak, &[b"1", b"", b"-", b"22"]);
    assert_eq!(joined, parsed("W/\"1-22\""));
}

#[test]
fn what_is_wrong_is_named_with_its_byte() {
    let cases: [(&[u8], &str); 13] = [
        (b"", "byte 1: expected a double quote, as in \"1\" or W/\"1\""),
        (b"1", "byte 1: expected a double quote, as in \"1\" or W/\"1\""),
        (b"*", "byte 1: expected a double quote, as in \"1\" or W/\"1\""),
        (b" \"1\"", "byte 1: expected a double quote, as in \"1\" or W/\"1\""),
        (b"W/1", "byte 3: expected a double quote, as in \"1\" or W/\"1\""),
        (b"W/", "byte 3: expected a double quote, as in \"1\" or W/\"1\""),
        (b"W\"1\"", "byte 2: expected a slash after `W`, as in W/\"1\""),
        (b"w/\"1\"", "byte 1: a weak tag begins with an upper case `W/`"),
        (b"\"", "byte 2: the closing double quote is missing"),
        (b"W/\"1", "byte 5: the closing double quote is missing"),
        (b"\"1\" ", "byte 4: expected the end after the closing double quote"),
        (b"\"1\"\"2\"", "byte 4: expected the end after the closing double quote"),
        (b"\"a b\"", "byte 3: 0x20 cannot stand in a tag; only 0x21, 0x23 to 0x7E and 0x80 to 0xFF can"),
    ];
    for (wire, message) in cases {
        let invalid = ETag::parse(wire).unwrap_err();
        assert_eq!(invalid.to_string(), message, "{}", wire.escape_ascii());
    }
}

#[test]
fn an_invalid_opaque_text_is_counted_from_its_own_start() {
    assert_eq!(ETag::strong("ab\"").unwrap_err().byte(), 3);
    assert_eq!(ETag::weak("\n").unwrap_err().byte(), 1);
}

#[test]
fn formatting_survives_obs_text() {
    let tag = ETag::strong(b"a\xE9\xFF").unwrap();
    assert_eq!(tag.to_string(), "\"a\\xe9\\xff\"");
    assert_eq!(format!("{tag:?}"), "ETag(\"a\\xe9\\xff\")");
    assert_eq!(ETag::strong("é").unwrap().to_string(), "\"é\"");
}

#[test]
fn order_and_hash_follow_the_bytes() {
    use std::collections::{BTreeSet, HashSet};

    let tags = ["\"b\"", "W/\"a\"", "\"a\"", "\"b\""].map(parsed);
    let sorted: Vec<_> = BTreeSet::from(tags.clone()).into_iter().collect();
    assert_eq!(sorted, ["\"a\"", "\"b\"", "W/\"a\""].map(parsed));
    assert_eq!(HashSet::from(tags).len(), 3);
}

#[test]
fn serde_speaks_the_wire_form() {
    let tag = ETag::weak("a").unwrap();
    let json = serde_json::to_string(&tag).unwrap();
    assert_eq!(json, r#""W/\"a\"""#);
    assert_eq!(serde_json::from_str::<ETag>(&json).unwrap(), tag);
}

#[test]
fn serde_refuses_what_is_no_tag() {
    let message = serde_json::from_str::<ETag>("\"a\"").unwrap_err().to_string();
    assert!(message.starts_with("not an entity tag: byte 1: expected a double quote"));
    let message = serde_json::from_str::<ETag>("7").unwrap_err().to_string();
    assert!(message.contains("expected an entity tag with its quotes"), "{message}");
}

#[test]
fn serde_refuses_obs_text_that_is_no_text() {
    let tag = ETag::strong(b"\xE9").unwrap();
    let message = serde_json::to_string(&tag).unwrap_err().to_string();
    assert!(message.contains("is not UTF-8"), "{message}");
}

#[cfg(feature = "http")]
#[test]
fn a_header_value_is_the_wire_form() {
    for opaque in [&b""[..], b"a,b", b"\x80\xFF", &[b'x'; 100]] {
        let tag = ETag::strong(opaque).unwrap();
        assert_eq!(http::HeaderValue::from(&tag).as_bytes(), tag.as_bytes());
    }
}
