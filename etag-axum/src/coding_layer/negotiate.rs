//! Which coding a request gets: the choice that `tower_http`'s `CompressionLayer` makes, made again beforehand.
//!
//! It follows that layer and not the letter of RFC 9110 §12.5.3 where the two differ, since a tag must name the coding
//! that was used: members it cannot read are skipped, a line with bytes that are not visible ASCII is skipped whole.

use http::{HeaderMap, HeaderValue, header::ACCEPT_ENCODING};

use super::coding::{Coding, Codings};

/// The coding of the answer to a request with these headers, or `None` where its bytes stay as they are.
pub(super) fn negotiate(headers: &HeaderMap, offered: Codings) -> Option<Coding> {
    let explicit = || members(headers).filter_map(|(name, weight)| Some((candidate(name, offered)?, weight)));
    let Some(others) = wildcard(headers) else {
        return best(explicit());
    };
    let weigh = |candidate| {
        let named = explicit().find(|(named, _)| *named == candidate);
        (candidate, named.map_or(others, |(_, weight)| weight))
    };
    let every = Coding::ALL.into_iter().filter(|coding| offered.contains(*coding)).map(Some);
    best(every.chain([None]).map(weigh))
}

/// A coding, or `None` for `identity`, which every coding is preferred to at equal weight.
type Candidate = Option<Coding>;

fn best(weighed: impl Iterator<Item = (Candidate, Weight)>) -> Candidate {
    let acceptable = weighed.filter(|(_, weight)| *weight > 0);
    acceptable.max_by_key(|&(candidate, weight)| (weight, candidate)).and_then(|(candidate, _)| candidate)
}

fn candidate(name: &str, offered: Codings) -> Option<Candidate> {
    if name.eq_ignore_ascii_case("identity") {
        return Some(None);
    }
    // RFC 9110 §8.4.1.3: `x-gzip` is to be taken for `gzip`.
    let name = if name.eq_ignore_ascii_case("x-gzip") { "gzip" } else { name };
    let coding = Coding::in_header(name.as_bytes())?;
    offered.contains(coding).then_some(Some(coding))
}

fn wildcard(headers: &HeaderMap) -> Option<Weight> {
    members(headers).find(|(name, _)| *name == "*").map(|(_, weight)| weight)
}

fn members(headers: &HeaderMap) -> impl Iterator<Item = (&str, Weight)> {
    let lines = headers.get_all(ACCEPT_ENCODING).into_iter().map(HeaderValue::to_str).filter_map(Result::ok);
    lines.flat_map(|line| line.split(',')).filter_map(member)
}

fn member(text: &str) -> Option<(&str, Weight)> {
    match text.split_once(';') {
        Some((name, parameter)) => Some((name.trim(), weight(parameter.trim())?)),
        None => Some((text.trim(), 1000)),
    }
}

/// A quality value in thousandths (RFC 9110 §12.4.2).
type Weight = u16;

fn weight(parameter: &str) -> Option<Weight> {
    let number = parameter.strip_prefix(['q', 'Q'])?.strip_prefix('=')?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole = match whole {
        "0" => 0,
        "1" => 1000,
        _ => return None,
    };
    let weight = whole + thousandths(fraction)?;
    (weight <= 1000).then_some(weight)
}

fn thousandths(fraction: &str) -> Option<Weight> {
    let is_readable = fraction.len() <= 3 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let digits = fraction.bytes().zip([100, 10, 1]);
    is_readable.then(|| digits.map(|(digit, place)| Weight::from(digit - b'0') * place).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&str]) -> Option<&'static str> {
        let headers = lines.iter().map(|line| (ACCEPT_ENCODING, HeaderValue::from_str(line).unwrap()));
        negotiate(&headers.collect(), Coding::ALL.into_iter().collect()).map(Coding::name)
    }

    #[test]
    fn at_equal_weight_the_better_coding_wins() {
        assert_eq!(of(&["deflate, gzip, br, zstd"]), Some("zstd"));
        assert_eq!(of(&["br", "gzip"]), Some("br"));
        assert_eq!(of(&["deflate, identity"]), Some("deflate"));
    }

    #[test]
    fn weights_come_first() {
        assert_eq!(of(&["zstd;q=0.1, gzip ; q=0.11"]), Some("gzip"));
        assert_eq!(of(&["gzip;q=0.5, identity"]), None);
        assert_eq!(of(&["gzip;q=0"]), None);
    }

    #[test]
    fn a_wildcard_weighs_what_is_not_named() {
        assert_eq!(of(&["*"]), Some("zstd"));
        assert_eq!(of(&["*, zstd;q=0"]), Some("br"));
        assert_eq!(of(&["*;q=0, gzip"]), Some("gzip"));
        assert_eq!(of(&["*;q=0"]), None);
    }

    #[test]
    fn what_is_not_offered_is_not_chosen() {
        let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("zstd, gzip, *"))]);
        assert_eq!(negotiate(&headers, [Coding::Gzip].into_iter().collect()), Some(Coding::Gzip));
        assert_eq!(negotiate(&headers, Codings::default()), None);
    }

    #[test]
    fn a_weight_has_at_most_three_digits_and_is_at_most_one() {
        let cases = [
            ("q=1", Some(1000)),
            ("Q=1.000", Some(1000)),
            ("q=0.", Some(0)),
            ("q=0.25", Some(250)),
            ("q=1.001", None),
            ("q=0.1234", None),
            ("q=.5", None),
            ("q=-1", None),
            ("q= 1", None),
            ("q=0.+1", None),
            ("weight=1", None),
        ];
        for (parameter, expected) in cases {
            assert_eq!(weight(parameter), expected, "{parameter}");
        }
    }
}
