//! What the digest of content depends on, and what it does not.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use etag_core::{Content, ContentDigest, DigestKey, Digester};
use serde_json::json;
use sha2::{Digest as _, Sha256};

fn digest(value: impl Content) -> ContentDigest {
    let mut sink = Digester::new();
    value.feed(&mut sink);
    sink.finish()
}

/// The same by hand: SHA-256 over the bytes that the format says, cut to 128 bits.
fn by_hand(bytes: &[u8]) -> ContentDigest {
    ContentDigest::from_bytes(*Sha256::digest(bytes).first_chunk().unwrap())
}

#[test]
fn each_kind_of_value_feeds_the_bytes_of_the_documented_format() {
    assert_eq!(digest("tea"), by_hand(b"s\x03tea"));
    assert_eq!(digest(7_u8), by_hand(b"u\x07\0\0\0\0\0\0\0"));
    assert_eq!(digest(-1_i32), by_hand(b"i\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"));
    assert_eq!(digest(true), by_hand(b"T"));
    assert_eq!(digest(None::<u8>), by_hand(b"n"));
    assert_eq!(digest(Some(false)), by_hand(b"oF"));
    assert_eq!(digest(vec!["a", "b"]), by_hand(b"l\x02s\x01as\x01b"));
    assert_eq!(digest(BTreeMap::from([("k", 1_u64)])), by_hand(b"m\x01s\x01ku\x01\0\0\0\0\0\0\0"));
    assert_eq!(digest(1.5_f64), by_hand(&[b"f", &1.5_f64.to_bits().to_le_bytes()[..]].concat()));
}

#[test]
fn a_length_of_two_bytes_is_fed_as_leb128() {
    let long = "x".repeat(300);
    let bytes = [b"s\xAC\x02", long.as_bytes()].concat();
    assert_eq!(digest(long), by_hand(&bytes));
}

#[test]
fn content_of_any_size_is_fed_whole() {
    for length in [1, 1000, 1020, 1021, 1022, 1023, 1024, 1025, 2047, 2048, 5000] {
        let items = vec!["y".repeat(length), "z".to_owned()];
        let mut bytes = b"l\x02".to_vec();
        for item in &items {
            bytes.push(b's');
            let mut rest = item.len();
            while rest >= 0x80 {
                bytes.push(u8::try_from(rest % 0x80).unwrap() + 0x80);
                rest /= 0x80;
            }
            bytes.push(u8::try_from(rest).unwrap());
            bytes.extend_from_slice(item.as_bytes());
        }
        assert_eq!(digest(items), by_hand(&bytes), "{length} bytes");
    }
}

#[test]
fn different_values_have_different_digests() {
    let digests = [
        digest(("ab", "c")),
        digest(("a", "bc")),
        digest(vec!["ab", "c"]),
        digest("abc"),
        digest(None::<&str>),
        digest(Some("")),
        digest(""),
        digest(Vec::<u8>::new()),
        digest(0_u8),
        digest(0_i8),
        digest(0.0_f64),
        digest(-0.0_f64),
        digest(0.0_f32),
        digest(false),
        digest("0"),
        digest(BTreeMap::<u8, u8>::new()),
    ];
    assert_eq!(
        digests.iter().collect::<HashSet<_>>().len(),
        digests.len() - 1,
        "only the two pairs of texts are alike"
    );
}

#[test]
fn the_width_of_an_integer_does_not_matter() {
    assert_eq!(digest(7_u8), digest(7_u64));
    assert_eq!(digest(-7_i8), digest(-7_i64));
}

#[test]
fn the_order_of_a_hash_table_does_not_matter() {
    let entries: Vec<_> = (0..100).map(|n| (n.to_string(), n)).collect();
    let sorted: BTreeMap<_, _> = entries.iter().cloned().collect();
    let members: BTreeSet<_> = sorted.keys().cloned().collect();
    for _ in 0..10 {
        let hashed: HashMap<_, _> = entries.iter().rev().cloned().collect();
        assert_eq!(digest(&hashed), digest(&sorted));
        assert_eq!(digest(hashed.into_keys().collect::<HashSet<_>>()), digest(&members));
    }
}

#[test]
fn the_order_of_json_members_does_not_matter_and_their_values_do() {
    assert_eq!(digest(json!({"a": 1, "b": [true]})), digest(json!({"b": [true], "a": 1})));
    assert_ne!(digest(json!({"a": 1})), digest(json!({"a": 1.0})));
    assert_ne!(digest(json!({"a": null})), digest(json!({})));
}

#[test]
fn every_nan_is_one_value() {
    assert_eq!(digest(f64::NAN), digest(-f64::NAN));
    assert_eq!(digest(f32::NAN), digest(-f32::NAN));
}

#[test]
fn a_keyed_digest_depends_on_the_key() {
    let keyed = |key: &[u8]| {
        let mut sink = Digester::keyed(&DigestKey::new(key).unwrap());
        "tea".feed(&mut sink);
        sink.finish()
    };
    assert_eq!(keyed(&[1; 32]), keyed(&[1; 32]));
    assert_ne!(keyed(&[1; 32]), keyed(&[2; 32]));
    assert_ne!(keyed(&[1; 32]), digest("tea"));
}

#[test]
fn a_digest_key_is_at_least_16_bytes_and_never_shown() {
    assert_eq!(
        DigestKey::new(b"short").unwrap_err().to_string(),
        "a digest key of 5 bytes is too short; give at least 16 random bytes"
    );
    assert_eq!(format!("{:?}", DigestKey::new(&[65; 16]).unwrap()), "DigestKey(..)");
}
