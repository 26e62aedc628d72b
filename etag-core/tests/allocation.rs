//! What a tag and a condition may cost: no heap allocation for one tag of up to 62 bytes.

use std::hint::black_box;

use allocation_counter::measure;
use etag_core::{Current, Digester, ETag, EntityTags, MethodKind, Preconditions, TagLimits, Verdict};

fn allocations(work: impl FnOnce()) -> u64 {
    measure(work).count_total
}

fn parse(lines: &[&[u8]]) {
    let lines = lines.iter().copied();
    let field = EntityTags::parse("If-Match", lines, &TagLimits::default());
    assert!(black_box(field).valid().is_some());
}

#[test]
fn an_allocation_is_seen() {
    assert_eq!(allocations(|| drop(black_box(vec![0_u8; 8]))), 1);
}

#[test]
fn a_tag_of_62_bytes_costs_none() {
    let opaque = "x".repeat(60);
    assert_eq!(allocations(|| drop(black_box(ETag::strong(&opaque)))), 0);
    let tag = ETag::strong(&opaque).unwrap();
    assert_eq!(allocations(|| drop(black_box(tag.clone()))), 0);
    assert_eq!(allocations(|| drop(black_box(ETag::parse(tag.as_bytes())))), 0);
    assert_eq!(allocations(|| parse(&[tag.as_bytes()])), 0);
}

#[test]
fn a_longer_tag_costs_one_and_its_clones_none() {
    let opaque = "x".repeat(61);
    assert_eq!(allocations(|| drop(black_box(ETag::strong(&opaque)))), 1);
    let tag = ETag::strong(&opaque).unwrap();
    let shared = tag.clone();
    assert_eq!(allocations(|| drop(black_box((tag.clone(), shared.clone())))), 0);
}

#[test]
fn weakening_costs_none() {
    let tag = ETag::strong("x".repeat(58)).unwrap();
    assert_eq!(allocations(|| drop(black_box(tag.to_weak()))), 0);
}

#[test]
fn one_tag_among_spaces_and_empty_members_costs_none() {
    assert_eq!(allocations(|| parse(&[b"", b" , W/\"1\" ,, "])), 0);
    assert_eq!(allocations(|| parse(&[b" * "])), 0);
}

#[test]
fn a_malformed_field_costs_none() {
    let refuse = || {
        let field = EntityTags::parse("If-Match", [&b"abc"[..]], &TagLimits::default());
        assert!(black_box(field).malformed().is_some());
    };
    assert_eq!(allocations(refuse), 0);
}

#[test]
fn parsing_and_evaluating_costs_none() {
    let tag = ETag::strong("abcdefghijklmnopqrstuv").unwrap();
    let evaluate = || {
        let request = Preconditions::from_lines(&TagLimits::default(), |name| {
            (name == "If-None-Match").then_some(tag.as_bytes())
        });
        let verdict = request.evaluate(&Current::tagged(&tag), MethodKind::Read);
        assert_eq!(black_box(verdict), Verdict::NotModified);
    };
    assert_eq!(allocations(evaluate), 0);
}

#[test]
fn a_digest_costs_none_however_long_the_content() {
    let texts = vec!["x".repeat(700); 100];
    let digest = || {
        let mut sink = Digester::new();
        sink.record(1);
        sink.member("texts", &texts);
        black_box(sink.finish());
    };
    assert_eq!(allocations(digest), 0);
}

#[test]
fn a_hostile_list_costs_no_more_than_the_limits_allow() {
    let line = "\"1\",".repeat(16_000);
    let limits = TagLimits { tags: 10, ..TagLimits::default() };
    let spent = measure(|| {
        let field = EntityTags::parse("If-Match", [line.as_bytes()], &limits);
        assert!(black_box(field).malformed().is_some());
    });
    assert!(spent.bytes_max <= 2 * 16 * size_of::<ETag>() as u64, "{spent:?}");
}

#[cfg(feature = "http")]
mod headers {
    use http::{HeaderMap, HeaderValue, header::IF_NONE_MATCH};

    use super::*;

    #[test]
    fn reading_a_header_map_costs_none() {
        let tag = ETag::strong("1").unwrap();
        let headers = HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::from(&tag))]);
        let evaluate = || {
            let request = Preconditions::from_headers(&headers, &TagLimits::default());
            let verdict = request.evaluate(&Current::tagged(&tag), MethodKind::Read);
            assert_eq!(black_box(verdict), Verdict::NotModified);
        };
        assert_eq!(allocations(evaluate), 0);
    }

    #[test]
    fn a_header_value_costs_one_at_most() {
        for len in [0, 22, 60, 61, 1000] {
            let tag = ETag::strong("x".repeat(len)).unwrap();
            let shared = tag.clone();
            let spent = allocations(|| drop(black_box(HeaderValue::from(&tag))));
            assert!(spent <= 1, "{len}: {spent}");
            drop(shared);
        }
    }
}
