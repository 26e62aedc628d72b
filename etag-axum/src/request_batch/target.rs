//! Where the targets of parts lead to.

use std::borrow::Cow;

use etag_core::{Refusal, RefusalKind};
use http::Uri;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::location;

/// What a client may have left as it is although it has to be encoded (RFC 3986 §2), as in `$filter=name eq 'x'`.
const TO_ENCODE: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');

/// What targets that are no absolute URLs are relative to.
#[derive(Clone, Debug)]
pub(super) enum Root {
    /// The batch's own path, by the rules of RFC 3986 §5.2.
    OfBatch,
    /// This path, all of them.
    Path(Cow<'static, str>),
}

impl Root {
    /// The path and query that a target leads to. `own` is the path of the batch.
    pub(super) fn resolve(&self, target: &str, own: &str) -> Result<Uri, Refusal> {
        let target = target.split_once('#').map_or(target, |(before, _)| before);
        if target.is_empty() {
            return Err(invalid("it has no target; send the path of a resource".to_owned()));
        }
        let path = match (path_of_absolute(target), self) {
            (Some(path), _) => path,
            (None, Self::Path(root)) => {
                format!("{}/{}", root.trim_end_matches('/'), target.strip_prefix('/').unwrap_or(target)).into()
            }
            (None, Self::OfBatch) if target.starts_with('/') => target.into(),
            (None, Self::OfBatch) => format!("{}/{target}", location::without_last(own)).into(),
        };
        let uri: Uri = utf8_percent_encode(&path, TO_ENCODE)
            .to_string()
            .parse()
            .map_err(|error| invalid(format!("{target:?} is no target: {error}")))?;
        if is_same_path(uri.path(), own) { Err(invalid("a batch can't be in a batch".to_owned())) } else { Ok(uri) }
    }
}

fn invalid(message: String) -> Refusal {
    Refusal::new(RefusalKind::Invalid).saying(message)
}

/// The path and query of an absolute URL: whichever server it names, this one was asked.
fn path_of_absolute(target: &str) -> Option<Cow<'_, str>> {
    let (scheme, rest) = target.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    let path = rest.find(['/', '?']).map_or("", |start| &rest[start..]);
    Some(if path.starts_with('/') { path.into() } else { format!("/{path}").into() })
}

fn is_same_path(one: &str, other: &str) -> bool {
    percent_decode_str(one).eq(percent_decode_str(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "/v1.0/$batch";

    fn resolved(root: &Root, target: &str) -> String {
        root.resolve(target, OWN).map_or_else(|refusal| refusal.to_string(), |uri| uri.to_string())
    }

    #[test]
    fn targets_lead_where_rfc_3986_says() {
        for (target, expected) in [
            ("/tasks/1", "/tasks/1"),
            ("tasks/1?a=b", "/v1.0/tasks/1?a=b"),
            ("https://example.org/v1.0/tasks/1?a=b#c", "/v1.0/tasks/1?a=b"),
            ("HTTP://example.org", "/"),
            ("http://example.org?a", "/?a"),
            ("tasks?of=http://example.org/", "/v1.0/tasks?of=http://example.org/"),
            ("tasks?$filter=name eq '{é}'", "/v1.0/tasks?$filter=name%20eq%20'%7B%C3%A9%7D'"),
            ("/a%20b", "/a%20b"),
        ] {
            assert_eq!(resolved(&Root::OfBatch, target), expected, "{target}");
        }
    }

    #[test]
    fn all_targets_may_stand_below_one_path() {
        for root in ["/v1.0", "/v1.0/"] {
            let root = Root::Path(root.into());
            for target in ["/tasks/1", "tasks/1", "http://example.org/v1.0/tasks/1"] {
                assert_eq!(resolved(&root, target), "/v1.0/tasks/1");
            }
        }
    }

    #[test]
    fn what_is_no_target_is_refused() {
        for target in ["", "#a", "$batch", "/v1.0/$batch?a", "/v1.0/%24batch", "http://example.org/v1.0/$batch"] {
            assert!(Root::OfBatch.resolve(target, OWN).is_err(), "{target}");
        }
        assert!(Root::OfBatch.resolve(&"a".repeat(70_000), OWN).is_err());
    }
}
