//! Where something is wrong, as a JSON Pointer (RFC 6901).

use std::fmt::Display;

use etag_core::BatchSyntaxError;
use serde_path_to_error::{Path, Segment};

/// The longest message.
const MOST_CHARACTERS: usize = 300;

/// One item of a list in the document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The member with the list.
    pub(super) list: &'static str,
    /// The index, from 0.
    pub(super) index: usize,
}

impl Place {
    /// What is wrong with a member, or with a member of that.
    pub(super) fn error(self, members: &[&str], flaw: impl Display) -> BatchSyntaxError {
        let below: String = members.iter().map(|member| escaped(member)).collect();
        shortened(format!("/{}/{}{below}: {flaw}", self.list, self.index))
    }
}

/// What a deserializer found.
pub(super) fn not_of_the_form(error: &serde_path_to_error::Error<serde_json::Error>) -> BatchSyntaxError {
    match pointer(error.path()) {
        pointer if pointer.is_empty() => shortened(format!("the body: {}", error.inner())),
        pointer => shortened(format!("{pointer}: {}", error.inner())),
    }
}

/// What was sent is quoted here and there: the message should not be as long as that.
fn shortened(message: String) -> BatchSyntaxError {
    match message.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => BatchSyntaxError::new(format!("{}…", &message[..end])),
        None => BatchSyntaxError::new(message),
    }
}

fn pointer(path: &Path) -> String {
    let segments = path.iter().map(|segment| match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => escaped(key),
        Segment::Enum { variant } => escaped(variant),
        Segment::Unknown => String::new(),
    });
    segments.collect()
}

fn escaped(member: &str) -> String {
    format!("/{}", member.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_pointer() {
        let place = Place { list: "requests", index: 3 };
        assert_eq!(place.error(&["headers", "a/b"], "is wrong").to_string(), "/requests/3/headers/a~1b: is wrong");
    }

    #[test]
    fn a_message_is_short_whatever_it_quotes() {
        let error = Place { list: "requests", index: 3 }.error(&[&"ä".repeat(1000)], "is wrong").to_string();
        assert_eq!((error.chars().count(), error.ends_with("ä…")), (MOST_CHARACTERS + 1, true));
    }
}
