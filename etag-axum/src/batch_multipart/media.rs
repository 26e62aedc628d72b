//! The media types of bodies and parts, with their boundaries.

use super::head::Flaw;

/// The longest boundary (RFC 2046 §5.1.1).
const LONGEST_BOUNDARY: usize = 70;

/// Whether a media type is this one, whatever its parameters.
pub(super) fn is(content_type: &str, essence: &str) -> bool {
    content_type.split(';').next().is_some_and(|own| own.trim().eq_ignore_ascii_case(essence))
}

/// The boundary of a `multipart/mixed` body.
///
/// # Errors
/// Where it is of another type, or has no boundary that can be one.
pub(super) fn boundary(content_type: &str) -> Result<String, Flaw> {
    if !is(content_type, "multipart/mixed") {
        return Err(format!("send multipart/mixed; boundary=…, not {content_type}").into());
    }
    let boundary = parameter(content_type, "boundary").ok_or("its Content-Type has no boundary")?;
    let fits =
        (1..=LONGEST_BOUNDARY).contains(&boundary.len()) && boundary.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if fits && !boundary.ends_with(' ') {
        return Ok(boundary);
    }
    Err(format!("its boundary is none; send 1 to {LONGEST_BOUNDARY} letters, digits and `'()+_,-./:=?`").into())
}

fn parameter(content_type: &str, name: &str) -> Option<String> {
    let (_, mut rest) = content_type.split_once(';')?;
    loop {
        let (own, after) = rest.split_once('=')?;
        let (value, next) = value(after);
        let own = own.rsplit(';').next().unwrap_or(own);
        if own.trim().eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = next;
    }
}

/// A value, and what follows. One that is not quoted is taken as it is: there are clients which do not quote `=`.
fn value(text: &str) -> (String, &str) {
    if let Some(quoted) = text.trim_start().strip_prefix('"') {
        return unquoted(quoted);
    }
    let (value, rest) = text.split_once(';').unwrap_or((text, ""));
    (value.trim().to_owned(), rest)
}

/// A quoted string (RFC 9110 §5.6.4) without its quotes.
fn unquoted(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => break,
            '\\' => value.extend(characters.next()),
            _ => value.push(character),
        }
    }
    (value, characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_are_quoted_or_not_and_names_have_any_case() {
        for (content_type, expected) in [
            ("multipart/mixed;boundary=dwa_batch_1", "dwa_batch_1"),
            ("multipart/mixed; boundary=\"===1==\"", "===1=="),
            ("multipart/mixed; boundary====1==", "===1=="),
            ("Multipart/Mixed; charset=utf-8; BOUNDARY = b ; x=y", "b"),
            ("multipart/mixed; x=\"boundary=a; \\\"\"; boundary=\"b c\\d\"", "b cd"),
            ("multipart/mixed; flag; boundary=b", "b"),
        ] {
            assert_eq!(boundary(content_type).unwrap(), expected, "{content_type}");
        }
    }

    #[test]
    fn what_has_no_boundary_is_refused() {
        let long = format!("multipart/mixed; boundary={}", "b".repeat(71));
        for content_type in [
            "",
            "multipart/mixed",
            "multipart/mixed; boundary",
            "multipart/mixed; boundary=",
            "multipart/mixed; boundary=\"b \"",
            "multipart/mixed; boundary=é",
            "multipart/form-data; boundary=b",
            "application/json",
            &long,
        ] {
            assert!(boundary(content_type).is_err(), "{content_type}");
        }
        assert!(boundary("application/json").unwrap_err().contains("not application/json"));
    }
}
