//! The boundary lines of a multipart body (RFC 2046 §5.1.1).

use bytes::Bytes;

use super::head::Flaw;

/// What stands between the boundary lines, without the line break before each of them, which belongs to it.
///
/// # Errors
/// Where no boundary line is there, or the last one is missing: what came before it could be half of what was sent.
pub(super) fn sections(body: &Bytes, boundary: &str) -> Result<Vec<Bytes>, Flaw> {
    let mut sections = Vec::new();
    let (mut open, mut at) = (None, 0);
    for line in body.split_inclusive(|&byte| byte == b'\n') {
        let next = at + line.len();
        let kind = LineKind::of(line, boundary);
        if kind != LineKind::Text {
            sections.extend(open.map(|start| content(body, start, at)));
            open = Some(next);
        }
        if kind == LineKind::Close {
            return Ok(sections);
        }
        at = next;
    }
    match open {
        Some(_) => Err(format!("it does not end with the line --{boundary}--; send all of it").into()),
        None => Err(format!("it has no line --{boundary}; send what its Content-Type says as boundary").into()),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LineKind {
    /// It stands before a part.
    Delimiter,
    /// It stands after the last one.
    Close,
    /// It is content.
    Text,
}

impl LineKind {
    /// White space may follow a boundary, nothing else: another boundary may begin with this one.
    fn of(line: &[u8], boundary: &str) -> Self {
        let after = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary.as_bytes()));
        match after.map(<[u8]>::trim_ascii_end) {
            Some(b"") => Self::Delimiter,
            Some(b"--") => Self::Close,
            _ => Self::Text,
        }
    }
}

/// An empty section has no line break of its own.
fn content(body: &Bytes, start: usize, end: usize) -> Bytes {
    let section = &body[start..end];
    let section = section.strip_suffix(b"\n").unwrap_or(section);
    body.slice_ref(section.strip_suffix(b"\r").unwrap_or(section))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(body: &str) -> Vec<String> {
        let sections = sections(&Bytes::copy_from_slice(body.as_bytes()), "b").unwrap();
        sections.into_iter().map(|section| String::from_utf8(section.into()).unwrap()).collect()
    }

    #[test]
    fn the_line_break_before_a_boundary_belongs_to_it() {
        assert_eq!(cut("--b\r\none\r\n\r\n--b\r\ntwo\r\n--b--\r\n"), ["one\r\n", "two"]);
        assert_eq!(cut("--b\none\n\n--b\ntwo\n--b--"), ["one\n", "two"]);
        assert_eq!(cut("--b\n\r\n--b--"), [""]);
        assert_eq!(cut("--b\r\n--b--"), [""]);
    }

    #[test]
    fn preamble_epilogue_and_white_space_after_a_boundary_say_nothing() {
        assert_eq!(cut("\r\nhello\r\n--b \t\r\none\r\n--b-- \r\nbye\r\n--b\r\n"), ["one"]);
        assert!(cut("--b--\r\n").is_empty());
    }

    #[test]
    fn a_boundary_is_one_at_the_start_of_a_line_and_whole() {
        let content = "x --b\r\n --b\r\n--bc\r\n--B\r\n-- b\r\n--b-\r\n--b---\r\n--b --";
        assert_eq!(cut(&format!("--b\r\n{content}\r\n--b--")), [content]);
    }

    #[test]
    fn a_body_that_does_not_end_is_refused() {
        let refused = |body: &'static str| sections(&Bytes::from(body), "b").unwrap_err();
        assert!(refused("--b\r\none\r\n--b\r\ntw").contains("--b--"));
        assert!(refused("").contains("no line --b;"));
        assert!(refused("--c\r\none\r\n--c--").contains("no line --b;"));
    }
}
