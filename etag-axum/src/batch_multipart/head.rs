//! Heads: the lines before the first empty one.

use std::borrow::Cow;

use bytes::Bytes;
use httparse::{EMPTY_HEADER, Error as Malformed, Header, Status, parse_headers};

/// What is wrong with a body, without its place.
pub(super) type Flaw = Cow<'static, str>;

/// Header fields as they were sent.
pub(super) type Fields = Vec<(String, String)>;

/// The most headers that a part, and that the request or answer in it, may have.
const MOST_HEADERS: usize = 100;

/// The most bytes of a head.
const MOST_HEAD_BYTES: usize = 64 * 1024;

/// The head of a section with its folded lines made whole, and what follows after the empty line.
///
/// # Errors
/// Where the head is too large.
pub(super) fn split(section: &Bytes) -> Result<(Vec<u8>, Bytes), Flaw> {
    let (end, rest) = ends(section);
    if end > MOST_HEAD_BYTES {
        return Err(format!("its head has {end} bytes; send at most {MOST_HEAD_BYTES}").into());
    }
    Ok((unfolded(&section[..end]), section.slice(rest..)))
}

/// Where the head ends, and where the rest begins. The boundary took the empty line with it where nothing follows.
fn ends(section: &[u8]) -> (usize, usize) {
    let mut at = 0;
    for line in section.split_inclusive(|&byte| byte == b'\n') {
        if matches!(line, b"\n" | b"\r\n") {
            return (at, at + line.len());
        }
        at += line.len();
    }
    (at, at)
}

/// Lines end with CRLF then, and a blank at the beginning of one no more means that it continues the one before:
/// mail libraries, which some clients write these bodies with, fold long lines (RFC 5322 §2.2.3).
fn unfolded(head: &[u8]) -> Vec<u8> {
    let mut whole = Vec::with_capacity(head.len() + 4);
    for line in head.split_inclusive(|&byte| byte == b'\n') {
        let continues = line.starts_with(b" ") || line.starts_with(b"\t");
        if !whole.is_empty() && !continues {
            whole.extend_from_slice(b"\r\n");
        }
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        whole.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
    }
    whole
}

/// The fields of lines that end with CRLF, but for the last.
///
/// # Errors
/// Where a line is no header field (RFC 9112 §5), or there are too many.
pub(super) fn fields(lines: &[u8]) -> Result<Fields, Flaw> {
    let end: &[u8] = if lines.is_empty() { b"\r\n" } else { b"\r\n\r\n" };
    let lines = [lines, end].concat();
    let mut space = [EMPTY_HEADER; MOST_HEADERS];
    match parse_headers(&lines, &mut space) {
        Ok(Status::Complete((_, fields))) => fields.iter().map(field).collect(),
        Ok(Status::Partial) => Err("its headers do not end; send an empty line after them".into()),
        Err(Malformed::TooManyHeaders) => Err(format!("it has more than {MOST_HEADERS} headers").into()),
        Err(error) => Err(format!("its headers can't be read ({error}); send a line `name: value` for each").into()),
    }
}

fn field(field: &Header<'_>) -> Result<(String, String), Flaw> {
    let name = field.name;
    let value = str::from_utf8(field.value).map_err(|_| format!("the value of {name} is no UTF-8"))?;
    Ok((name.to_owned(), value.to_owned()))
}

/// The value of the first field of this name.
pub(super) fn value<'f>(fields: &'f [(String, String)], name: &str) -> Option<&'f str> {
    fields.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(section: &'static str) -> (Fields, Bytes) {
        let (head, rest) = split(&Bytes::from(section)).unwrap();
        (fields(&head).unwrap(), rest)
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn a_head_goes_to_the_first_empty_line_or_to_the_end() {
        let fields = vec![pair("A", "1"), pair("B", "2")];
        for head in ["A: 1\r\nB: 2\r\n\r\n", "A: 1\nB:2 \n\n", "A: 1\nB: 2\r\n\n"] {
            assert_eq!(read(head), (fields.clone(), Bytes::new()), "{head:?}");
        }
        assert_eq!(read("A: 1\r\nB: 2"), (fields.clone(), Bytes::new()));
        assert_eq!(read("A: 1\r\nB: 2\r\n\r\n\r\nC: 3"), (fields, Bytes::from("\r\nC: 3")));
        assert_eq!(read("\r\nbody"), (Vec::new(), Bytes::from("body")));
        assert_eq!(read(""), (Vec::new(), Bytes::new()));
    }

    #[test]
    fn folded_lines_are_one() {
        let id = "<0d3c7b52-91e4-4f0a-8a6e-2b7f5c1d9e30 + 1>";
        assert_eq!(read("Content-ID: <0d3c7b52-91e4-4f0a-8a6e-2b7f5c1d9e30 +\n 1>\n").0, [pair("Content-ID", id)]);
    }

    #[test]
    fn what_is_no_header_is_refused() {
        for lines in ["no colon", "a b: 1", ": 1", "A: 1\r\n\r\nB: 2", "A: \0", "A: \u{7f}"] {
            let wrong = !matches!(fields(lines.as_bytes()), Ok(fields) if fields.len() == 2);
            assert!(wrong, "{lines:?}");
        }
        assert!(fields(b"no colon").unwrap_err().contains("`name: value`"));
        assert!(fields(b"A: \xff").unwrap_err().contains("no UTF-8"));
    }

    #[test]
    fn heads_are_bounded() {
        let many = vec!["A: 1"; MOST_HEADERS + 1].join("\r\n");
        assert!(fields(many.as_bytes()).unwrap_err().contains("more than 100 headers"));
        assert_eq!(fields(&many.as_bytes()[..many.len() - 6]).unwrap().len(), MOST_HEADERS);
        let long = Bytes::from("x".repeat(MOST_HEAD_BYTES + 1));
        assert!(split(&long).unwrap_err().contains("65537 bytes"));
    }
}
