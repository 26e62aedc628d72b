//! Times as stores and documents write them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::{Timestamp, fmt::temporal::DateTimePrinter};

/// Whole seconds since 1970, which is what an HTTP date can tell; times before count as 0.
pub(crate) fn unix_seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Microseconds since 1970, the form in which stores keep times; times before count as 0.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use etag_core::unix_micros;
///
/// assert_eq!(unix_micros(UNIX_EPOCH + Duration::from_millis(2)), 2_000);
/// assert_eq!(unix_micros(UNIX_EPOCH - Duration::from_millis(2)), 0);
/// ```
pub fn unix_micros(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| u64::try_from(since.as_micros()).unwrap_or(u64::MAX))
}

/// The time that is `micros` microseconds after 1970 began.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use etag_core::{from_unix_micros, unix_micros};
///
/// assert_eq!(from_unix_micros(2_000), UNIX_EPOCH + Duration::from_millis(2));
/// assert_eq!(unix_micros(from_unix_micros(2_000)), 2_000);
/// ```
pub fn from_unix_micros(micros: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_micros(micros)
}

/// Appends the time in the form of RFC 3339, to the microsecond, in UTC.
pub(crate) fn push_rfc3339(text: &mut Vec<u8>, time: SystemTime) {
    const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(6));
    let printed = Timestamp::try_from(time).and_then(|timestamp| PRINTER.print_timestamp(&timestamp, &mut *text));
    if printed.is_err() {
        text.extend_from_slice(b"9999-12-31T23:59:59Z");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_to_the_microsecond() {
        for (micros, expected) in [
            (0, "1970-01-01T00:00:00.000000Z"),
            (951_868_799_120_000, "2000-02-29T23:59:59.120000Z"),
            (1_795_334_400_000_007, "2026-11-22T08:00:00.000007Z"),
        ] {
            let mut text = b"at ".to_vec();
            push_rfc3339(&mut text, from_unix_micros(micros));
            assert_eq!(text, format!("at {expected}").as_bytes());
        }
    }

    #[test]
    fn a_time_past_all_years_is_the_last_second_of_them() {
        let mut text = Vec::new();
        push_rfc3339(&mut text, UNIX_EPOCH + Duration::from_secs(1 << 40));
        assert_eq!(text, b"9999-12-31T23:59:59Z");
    }
}
