//! Places in a list as text that clients hand back and don't look into.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use etag_core::{Cursor, Digester};

const VERSION: u8 = 1;
const BYTES: usize = 1 + 8 + CHECK;
const CHECK: usize = 6;

/// The text of a place in `collection`.
pub(crate) fn encode(collection: &str, cursor: Cursor) -> String {
    let mut bytes = [VERSION; BYTES];
    bytes[1..9].copy_from_slice(&cursor.0.to_be_bytes());
    bytes[9..].copy_from_slice(&check(collection, cursor));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The place that [`encode`] wrote for the same collection; `None` for any other text.
pub(crate) fn decode(collection: &str, text: &str) -> Option<Cursor> {
    let bytes: [u8; BYTES] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
    let cursor = Cursor(u64::from_be_bytes(*bytes[1..].first_chunk()?));
    (bytes[0] == VERSION && bytes[9..] == check(collection, cursor)).then_some(cursor)
}

/// Ties a place to its collection, so that a cursor of another one, or one with a slip in it, is told from a good one.
fn check(collection: &str, cursor: Cursor) -> [u8; CHECK] {
    let mut digester = Digester::new();
    digester.str(collection);
    digester.unsigned(cursor.0);
    *digester.finish().to_bytes().first_chunk().expect("a digest has 16 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_text() {
        for place in [0, 1, 4711, u64::MAX] {
            assert_eq!(decode("tasks", &encode("tasks", Cursor(place))), Some(Cursor(place)));
        }
    }

    #[test]
    fn what_was_not_given_for_the_collection_is_no_cursor() {
        let text = encode("tasks", Cursor(7));
        assert_eq!(decode("boards", &text), None);
        assert_eq!(decode("tasks", &text[1..]), None);
        assert_eq!(decode("tasks", &format!("{text}A")), None);
        assert_eq!(decode("tasks", ""), None);
        for at in 0..text.len() {
            let mut tampered = text.clone().into_bytes();
            tampered[at] = if tampered[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(decode("tasks", std::str::from_utf8(&tampered).unwrap()), None, "character {at}");
        }
    }
}
