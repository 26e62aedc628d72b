//! What the client would like to get back (RFC 7240).

use http::{HeaderMap, HeaderName, HeaderValue};

const PREFER: HeaderName = HeaderName::from_static("prefer");

/// The header that tells which preference was honoured (RFC 7240 §3).
pub(crate) const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// How much of a representation an answer holds (RFC 7240 §4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Return {
    /// None.
    Minimal,
    /// All, even beside an error (RFC 8144 §3.2).
    Representation,
}

impl Return {
    /// What the `Prefer` lines ask for; where they ask twice the first counts (RFC 7240 §2).
    pub(crate) fn preferred(headers: &HeaderMap) -> Option<Self> {
        let lines = headers.get_all(PREFER).into_iter().filter_map(|line| line.to_str().ok());
        lines.flat_map(|line| split_outside_quotes(line, b',')).find_map(Self::of_preference)
    }

    /// `Some` also where the value is unknown would hide a later one; RFC 7240 §2 lets us ignore it.
    fn of_preference(preference: &str) -> Option<Self> {
        let (name_and_value, _) = preference.split_once(';').unwrap_or((preference, ""));
        let (name, value) = name_and_value.split_once('=')?;
        if !name.trim().eq_ignore_ascii_case("return") {
            return None;
        }
        match value.trim().trim_matches('"').to_ascii_lowercase().as_str() {
            "minimal" => Some(Self::Minimal),
            "representation" => Some(Self::Representation),
            _ => None,
        }
    }

    /// The value of `Preference-Applied`.
    pub(crate) fn applied(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Minimal => "return=minimal",
            Self::Representation => "return=representation",
        })
    }
}

/// The preferences of a request, for whoever asks for one by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Preferences(Vec<String>);

impl Preferences {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(PREFER).into_iter().filter_map(|line| line.to_str().ok());
        Self(lines.map(str::to_owned).collect())
    }

    /// The value of the first preference with this name, without its parameters (RFC 7240 §2).
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.0.iter().flat_map(|line| split_outside_quotes(line, b',')).find_map(|preference| {
            let preference = split_outside_quotes(preference, b';').next().unwrap_or_default();
            let (found, value) = preference.split_once('=').unwrap_or((preference, ""));
            found.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
        })
    }
}

/// The pieces between separators that don't stand in a quoted string.
fn split_outside_quotes(line: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let text = rest?;
        match find_outside_quotes(text, separator) {
            Some(at) => {
                rest = Some(&text[at + 1..]);
                Some(&text[..at])
            }
            None => rest.take(),
        }
    })
}

fn find_outside_quotes(text: &str, separator: u8) -> Option<usize> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    text.bytes().position(|byte| {
        let is_separator = byte == separator && !is_quoted;
        is_quoted ^= byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && is_quoted && !is_escaped;
        is_separator
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preferred(lines: &[&'static str]) -> Option<Return> {
        let line = |line: &&'static str| (PREFER, HeaderValue::from_static(line));
        Return::preferred(&lines.iter().map(line).collect())
    }

    #[test]
    fn a_preference_is_found_in_any_case_line_and_place() {
        for lines in [
            &["return=minimal"][..],
            &["Return=\"Minimal\""],
            &["wait=10, return = minimal; foo=bar"],
            &["respond-async", "RETURN=minimal"],
            &["return=minimal, return=representation"],
            &["x=\"a,\\\" return=representation\", return=minimal"],
        ] {
            assert_eq!(preferred(lines), Some(Return::Minimal), "{lines:?}");
        }
        assert_eq!(preferred(&["return=representation"]), Some(Return::Representation));
    }

    #[test]
    fn preferences_are_found_by_name() {
        let line = |line: &'static str| (PREFER, HeaderValue::from_static(line));
        let headers = [line("a; x=1, odata.continue-on-error"), line("Anns=\"*,b\"; q=1, a=2")];
        let preferences = Preferences::of(&headers.into_iter().collect());
        assert_eq!(preferences.value("odata.continue-on-error"), Some(""));
        assert_eq!((preferences.value("A"), preferences.value("anns")), (Some(""), Some("*,b")));
        assert_eq!(preferences.value("b"), None);
    }

    #[test]
    fn what_is_not_a_known_preference_is_ignored() {
        for lines in [&[][..], &[""], &["return"], &["return=maximal"], &["xreturn=minimal"], &["\"return=minimal\""]] {
            assert_eq!(preferred(lines), None, "{lines:?}");
        }
    }
}
