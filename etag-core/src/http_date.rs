//! HTTP dates (RFC 9110 §5.6.7), which know whole seconds only.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The first second of the year 10000, which the four digits of a year cannot say.
const END: Duration = Duration::from_secs(253_402_300_800);

/// Reads an HTTP date in any of its three forms, or `None` when it is not one.
///
/// # Examples
///
/// ```
/// use etag_core::parse_http_date;
///
/// let date = parse_http_date(b"Sun, 06 Nov 1994 08:49:37 GMT");
/// assert!(date.is_some());
/// assert_eq!(date, parse_http_date(b"Sunday, 06-Nov-94 08:49:37 GMT"));
/// assert_eq!(date, parse_http_date(b"Sun Nov  6 08:49:37 1994"));
/// assert_eq!(parse_http_date(b"yesterday"), None);
/// ```
pub fn parse_http_date(text: &[u8]) -> Option<SystemTime> {
    httpdate::parse_http_date(str::from_utf8(text).ok()?).ok()
}

/// Writes an HTTP date in its preferred form, with what is left of a second cut off.
///
/// `None` is a time that has no such form: before 1970 or after the year 9999.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use etag_core::format_http_date;
///
/// let at = UNIX_EPOCH + Duration::from_millis(784_111_777_900);
/// assert_eq!(format_http_date(at).as_deref(), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
/// assert_eq!(format_http_date(UNIX_EPOCH - Duration::from_secs(1)), None);
/// ```
pub fn format_http_date(at: SystemTime) -> Option<String> {
    let since = at.duration_since(UNIX_EPOCH).ok()?;
    (since < END).then(|| httpdate::fmt_http_date(at))
}

/// The last whole second that is not after `at`.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use etag_core::whole_seconds;
///
/// let at = UNIX_EPOCH + Duration::from_millis(1999);
/// assert_eq!(whole_seconds(at), UNIX_EPOCH + Duration::from_secs(1));
/// ```
pub fn whole_seconds(at: SystemTime) -> SystemTime {
    match at.duration_since(UNIX_EPOCH) {
        Ok(since) => at - Duration::from_nanos(since.subsec_nanos().into()),
        Err(before) => match before.duration().subsec_nanos() {
            0 => at,
            nanos => at - Duration::from_nanos((1_000_000_000 - nanos).into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epoch(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn what_is_not_a_date_is_none() {
        for text in [
            &b""[..],
            b"0",
            b"Mon, 06 Nov 1994 08:49:37 GMT",
            b"Sun, 06 Nov 1994 08:49:60 GMT",
            b"Sun, 06 Nov 1994 08:49:37 +0000",
            b"Wed, 30 Feb 1994 08:49:37 GMT",
            b"Sun, 06 Nov 1994 08:49:37 GMT\xFF",
            b"1994-11-06T08:49:37Z",
        ] {
            assert_eq!(parse_http_date(text), None, "{}", text.escape_ascii());
        }
    }

    #[test]
    fn formatting_and_parsing_agree() {
        for seconds in [0, 951_782_399, 784_111_777, END.as_secs() - 1] {
            let text = format_http_date(epoch(seconds)).unwrap();
            assert_eq!(parse_http_date(text.as_bytes()), Some(epoch(seconds)));
        }
    }

    #[test]
    fn a_time_without_a_form_is_none() {
        assert_eq!(format_http_date(epoch(END.as_secs())), None);
        assert_eq!(format_http_date(UNIX_EPOCH - Duration::from_nanos(1)), None);
    }

    #[test]
    fn seconds_are_cut_towards_the_past() {
        let second = Duration::from_secs(1);
        assert_eq!(whole_seconds(epoch(5)), epoch(5));
        assert_eq!(whole_seconds(epoch(5) + Duration::from_nanos(1)), epoch(5));
        assert_eq!(whole_seconds(UNIX_EPOCH - Duration::from_nanos(1)), UNIX_EPOCH - second);
        assert_eq!(whole_seconds(UNIX_EPOCH - second), UNIX_EPOCH - second);
    }
}
