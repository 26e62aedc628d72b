//! Times as stores and documents write them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

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

/// The time in the form of RFC 3339, to the microsecond, in UTC.
pub(crate) fn rfc3339(time: SystemTime) -> String {
    jiff::Timestamp::try_from(time)
        .map_or_else(|_| String::from("9999-12-31T23:59:59Z"), |timestamp| format!("{timestamp:.6}"))
}
