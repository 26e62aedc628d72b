//! Names of calendars and of what is in them.

use etag_axum::{Exchange, Refused};
use etag_core::{Digester, MAX_ID_BYTES, ModelId as _, RefusalKind};

/// Whom `primary` stands for.
pub(crate) const OWNER: &str = "me@example.com";

/// The digits of base32hex (RFC 4648 §7), in lower case.
const DIGITS: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";

/// The calendar that a path names.
///
/// # Errors
/// [`RefusalKind::NotFound`] for what can't be a name.
pub(crate) fn calendar_id(path: &str) -> Result<String, Refused> {
    if path == "primary" { Ok(OWNER.to_owned()) } else { named(path) }
}

/// The key of what has this id in the calendar that a path names. The store's keys are shorter than two long ids: such a
/// pair has its digest for a key.
///
/// # Errors
/// [`RefusalKind::NotFound`] for what can't be a name.
pub(crate) fn key_in(calendar: &str, id: &str) -> Result<String, Refused> {
    let key = format!("{}/{id}", calendar_id(calendar)?);
    if key.len() > MAX_ID_BYTES { Ok(digest_of(&key)) } else { named(&key) }
}

/// What a path names.
///
/// # Errors
/// [`RefusalKind::NotFound`] for what can't be a name.
pub(crate) fn named(text: &str) -> Result<String, Refused> {
    String::parse(text).map_err(|_| RefusalKind::NotFound.into())
}

fn digest_of(key: &str) -> String {
    let mut digester = Digester::new();
    digester.str(key);
    format!("#{}", digester.finish())
}

/// Whether an event can have this id.
pub(crate) fn is_event_id(id: &str) -> bool {
    (5..=1024).contains(&id.len()) && id.bytes().all(|byte| DIGITS.contains(&byte))
}

/// An id that nothing has: 26 digits, of 5 random bits each.
pub(crate) fn new_id(exchange: &Exchange) -> String {
    let random: [u8; 26] = exchange.environment().random_bytes();
    random.iter().map(|byte| char::from(DIGITS[usize::from(byte % 32)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_have_keys_that_differ_and_fit() {
        let keys = ["a", "b"].map(|last| key_in("primary", &format!("{}{last}", "0".repeat(1023))).unwrap());
        assert_ne!(keys[0], keys[1]);
        assert!(keys.iter().all(|key| key.len() <= MAX_ID_BYTES));
    }

    #[test]
    fn primary_is_the_owners_calendar() {
        assert_eq!(key_in("primary", "a").unwrap(), key_in(OWNER, "a").unwrap());
    }

    #[test]
    fn what_no_store_could_keep_names_nothing() {
        for name in ["", "a\0b", &"x".repeat(300)] {
            assert!(calendar_id(name).is_err());
        }
        assert!(key_in("primary", "a\0b").is_err());
    }

    #[test]
    fn ids_of_events_are_base32hex() {
        assert!(is_event_id("a0v9b"));
        for id in ["abcd", "abcdw", "ABCDE", "abc-e", &"a".repeat(1025)] {
            assert!(!is_event_id(id), "{id}");
        }
    }
}
