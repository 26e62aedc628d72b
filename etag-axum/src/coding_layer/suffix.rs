//! The suffix `~coding` inside the quotes of a tag.

use etag_core::{ETag, EntityTags, Field, TagLimits};
use http::header::{Entry, HeaderMap, HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH};

use super::coding::Coding;

const MARK: u8 = b'~';

/// The most that a field may hold is for whoever evaluates it to say.
const NO_LIMITS: TagLimits = TagLimits { bytes: usize::MAX, tags: usize::MAX };

/// The tag of the representation `etag` under `coding`; a weak tag may be shared by all codings (RFC 9110 §8.8.3.3).
pub(super) fn suffixed(etag: &ETag, coding: Coding) -> ETag {
    if etag.is_weak() {
        return etag.clone();
    }
    let opaque = [etag.opaque(), &[MARK], coding.name().as_bytes()].concat();
    ETag::strong(opaque).expect("a tag and visible ASCII make a tag")
}

/// Which suffixes are taken off.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stripped {
    /// That of one coding.
    Only(Coding),
    /// That of any coding.
    Any,
}

impl Stripped {
    fn covers(self, coding: Coding) -> bool {
        match self {
            Self::Only(only) => only == coding,
            Self::Any => true,
        }
    }
}

/// Takes the suffixes off both fields that list tags.
pub(super) fn strip(headers: &mut HeaderMap, stripped: Stripped) {
    strip_field(headers, (IF_MATCH, "If-Match"), stripped);
    strip_field(headers, (IF_NONE_MATCH, "If-None-Match"), stripped);
}

fn strip_field(headers: &mut HeaderMap, (name, shown): (HeaderName, &'static str), stripped: Stripped) {
    if !is_field_marked(headers, &name) || !lists_tags(headers, &name, shown) {
        return;
    }
    if let Entry::Occupied(mut lines) = headers.entry(name) {
        lines.iter_mut().for_each(|line| strip_line(line, stripped));
    }
}

/// Whether a tag may have a suffix. Nearly always it is a search for one byte that finds nothing.
pub(super) fn is_marked(headers: &HeaderMap) -> bool {
    is_field_marked(headers, &IF_MATCH) || is_field_marked(headers, &IF_NONE_MATCH)
}

fn is_field_marked(headers: &HeaderMap, name: &HeaderName) -> bool {
    headers.get_all(name).into_iter().any(|line| line.as_bytes().contains(&MARK))
}

/// A field that cannot be read is left as it came, so that its error names the byte that the client sent.
fn lists_tags(headers: &HeaderMap, name: &HeaderName, shown: &'static str) -> bool {
    let lines = headers.get_all(name).into_iter().map(HeaderValue::as_bytes);
    matches!(EntityTags::parse(shown, lines, &NO_LIMITS), Field::Valid(EntityTags::List(_)))
}

fn strip_line(line: &mut HeaderValue, stripped: Stripped) {
    let keep = |piece| match piece {
        Piece::Opaque(opaque) => strip_opaque(opaque, stripped),
        Piece::Between(bytes) => bytes,
    };
    let kept: Vec<&[u8]> = pieces(line).map(keep).collect();
    let mut value = HeaderValue::from_bytes(&kept.join(&b'"')).expect("a part of a header value is one");
    value.set_sensitive(line.is_sensitive());
    *line = value;
}

fn strip_opaque(opaque: &[u8], stripped: Stripped) -> &[u8] {
    let suffix = opaque.iter().rposition(|&byte| byte == MARK);
    match suffix.map(|at| (&opaque[..at], Coding::in_tag(&opaque[at + 1..]))) {
        Some((plain, Some(coding))) if stripped.covers(coding) => plain,
        _ => opaque,
    }
}

/// Whether a line of a valid list names this tag, be it weak or strong.
pub(super) fn names(line: &HeaderValue, etag: &ETag) -> bool {
    pieces(line).any(|piece| matches!(piece, Piece::Opaque(opaque) if opaque == etag.opaque()))
}

/// What stands between two quotes.
enum Piece<'l> {
    /// The opaque part of a tag.
    Opaque(&'l [u8]),
    /// What stands between two tags, before the first or after the last.
    Between(&'l [u8]),
}

/// The pieces of a valid list, in which every quote opens or closes a tag.
fn pieces(line: &HeaderValue) -> impl Iterator<Item = Piece<'_>> {
    let pieces = line.as_bytes().split(|&byte| byte == b'"');
    pieces.enumerate().map(|(at, piece)| if at % 2 == 1 { Piece::Opaque(piece) } else { Piece::Between(piece) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(line: &[u8], what: Stripped) -> Vec<u8> {
        let mut headers = HeaderMap::from_iter([(IF_MATCH, HeaderValue::from_bytes(line).unwrap())]);
        strip(&mut headers, what);
        headers[IF_MATCH].as_bytes().to_vec()
    }

    #[test]
    fn only_the_last_suffix_of_a_covered_coding_is_taken_off() {
        let line = b"\"a~gzip\" ,\tW/\"b~gzip\",, \"c~br\", \"~gzip\", \"d~gzip~gzip\", \"e~GZIP\", \"f~\", \"g~x\"";
        let expected = b"\"a\" ,\tW/\"b\",, \"c~br\", \"\", \"d~gzip\", \"e~GZIP\", \"f~\", \"g~x\"";
        assert_eq!(stripped(line, Stripped::Only(Coding::Gzip)), expected);
    }

    #[test]
    fn any_coding_can_be_taken_off() {
        let line = b"\"a~gzip\", \"b~br\", \"c~deflate\", \"d~zstd\"";
        assert_eq!(stripped(line, Stripped::Any), b"\"a\", \"b\", \"c\", \"d\"");
    }

    #[test]
    fn commas_and_obs_text_belong_to_their_tag() {
        assert_eq!(stripped(b"\"a,~gzip,\xFF~gzip\"", Stripped::Any), b"\"a,~gzip,\xFF\"");
    }

    #[test]
    fn what_is_no_list_of_tags_stays_as_it_is() {
        for line in [&b"\"a~gzip\" \"b~gzip\""[..], b"a~gzip", b"\"a~gzip\", \"b~gzip", b"*, \"a~gzip\"", b"~"] {
            assert_eq!(stripped(line, Stripped::Any), line);
        }
    }

    #[test]
    fn a_malformed_line_keeps_the_other_lines_as_they_are() {
        let lines = ["\"a~gzip\"", "b~gzip"].map(HeaderValue::from_static);
        let mut headers = HeaderMap::new();
        headers.extend(lines.map(|line| (Some(IF_MATCH), line)));
        let before = headers.clone();
        strip(&mut headers, Stripped::Any);
        assert_eq!(headers, before);
    }
}
