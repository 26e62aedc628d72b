//! What a part says of itself.

use std::fmt;

use bytes::Bytes;
use etag_core::BatchSyntaxError;
use http::header;

use super::{
    ContentIds,
    head::{self, Flaw},
    media,
};

/// The header that names a part (RFC 2045 §7).
pub(super) const CONTENT_ID: &str = "Content-ID";

/// A part, its content not yet looked at.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) kind: PartKind,
    content_id: Option<String>,
    pub(super) content: Bytes,
}

/// What is in a part.
#[derive(Debug)]
pub(super) enum PartKind {
    /// A request or an answer.
    Http,
    /// Parts, with this boundary.
    Parts(String),
}

impl Part {
    /// Reads what stands between two boundaries.
    ///
    /// # Errors
    /// Where its headers can't be read, or it is of another type.
    pub(super) fn read(section: &Bytes) -> Result<Self, Flaw> {
        let (head, content) = head::split(section)?;
        let fields = head::fields(&head)?;
        let content_type = head::value(&fields, header::CONTENT_TYPE.as_str()).unwrap_or_default();
        let kind = if media::is(content_type, "application/http") {
            PartKind::Http
        } else if media::is(content_type, "multipart/mixed") {
            PartKind::Parts(media::boundary(content_type)?)
        } else {
            return Err(format!("its Content-Type is `{content_type}`; send application/http").into());
        };
        Ok(Self { kind, content_id: head::value(&fields, CONTENT_ID).map(str::to_owned), content })
    }

    /// The name of the request, without what `prefix` an answer to it has.
    pub(super) fn id(&self, ids: ContentIds, prefix: &'static str) -> Option<String> {
        let id = self.content_id.as_deref()?;
        let id = match ids {
            ContentIds::Echoed => id,
            ContentIds::Prefixed(_) => {
                let bare = id.strip_prefix('<').and_then(|id| id.strip_suffix('>')).unwrap_or(id);
                bare.strip_prefix(prefix).unwrap_or(bare)
            }
        };
        Some(id.to_owned())
    }
}

/// Which part it is, counted from 1.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// One of the batch.
    Part(usize),
    /// One of a change set of the batch.
    Nested(usize, usize),
}

impl Place {
    /// A flaw that is there.
    pub(super) fn error(self, flaw: &Flaw) -> BatchSyntaxError {
        BatchSyntaxError::new(format!("{self}: {flaw}"))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Part(part) => write!(f, "part {part}"),
            Self::Nested(part, nested) => write!(f, "part {part}, part {nested} of its change set"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(section: &'static str) -> Result<Part, Flaw> {
        Part::read(&Bytes::from(section))
    }

    #[test]
    fn a_part_is_a_message_or_has_parts() {
        let message = part("content-type: Application/HTTP; msgtype=request\r\n\r\nGET /").unwrap();
        assert!(matches!(message.kind, PartKind::Http));
        assert_eq!(message.content, "GET /");
        let parts = part("Content-Type: multipart/mixed;boundary=c\r\n\r\n--c--").unwrap();
        assert!(matches!(parts.kind, PartKind::Parts(boundary) if boundary == "c"));
        for other in ["", "\r\nGET /", "Content-Type: application/json\r\n\r\n{}", "Content-Type: multipart/mixed\r\n"]
        {
            assert!(part(other).is_err(), "{other:?}");
        }
        assert!(part("Content-Type: text/plain\r\n").unwrap_err().contains("`text/plain`; send application/http"));
    }

    #[test]
    fn ids_lose_what_the_form_adds() {
        let id = |section, ids| part(section).unwrap().id(ids, "response-");
        let bracketed = "Content-Type: application/http\nContent-ID: <response-a + 1>\n";
        let prefixed = ContentIds::Prefixed("response-");
        assert_eq!(id(bracketed, prefixed).as_deref(), Some("a + 1"));
        assert_eq!(id(bracketed, ContentIds::Echoed).as_deref(), Some("<response-a + 1>"));
        assert_eq!(id("Content-Type: application/http\nContent-ID: 1\n", prefixed).as_deref(), Some("1"));
        assert_eq!(id("Content-Type: application/http\n", prefixed), None);
    }
}
