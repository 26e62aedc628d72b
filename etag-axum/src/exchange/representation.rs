//! JSON representations that carry their tag.

use bytes::Bytes;
use etag_core::{ETag, Refusal, RefusalKind, TagMember};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::Refused;

/// Room for most representations, in bytes.
const ROOM: usize = 1024;

/// A representation, written once: it can be an answer, and a part of another one.
///
/// ```
/// use etag_axum::Representation;
/// use etag_core::{ETag, TagMember, TagText};
///
/// let (member, etag) = (TagMember::new("@odata.etag", TagText::Quoted), ETag::weak("7")?);
/// let note = Representation::new(Some((member, &etag)), &serde_json::json!({"text": "milk"}))?;
/// let list = serde_json::to_string(&serde_json::json!({"value": [note]}))?;
/// assert_eq!(list, r#"{"value":[{"@odata.etag":"W/\"7\"","text":"milk"}]}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Representation(String);

impl Representation {
    /// The representation that `value` is, with a tag as its first member. The value must have no member of that name: it
    /// would be there twice.
    ///
    /// # Errors
    /// [`RefusalKind::Internal`], with the reason in the log, where the value is no JSON, or a tag is to be put into what is
    /// no object.
    pub fn new(tag: Option<(TagMember, &ETag)>, value: &impl Serialize) -> Result<Self, Refused> {
        let mut text = Vec::with_capacity(ROOM);
        if let Some((member, etag)) = tag {
            text.push(b'{');
            write(&mut text, member.name)?;
            text.push(b':');
            write(&mut text, &member.text_of(etag))?;
        }
        let tag_ends = text.len();
        write(&mut text, value)?;
        if tag_ends > 0 {
            join(&mut text, tag_ends)?;
        }
        String::from_utf8(text).map(Self).map_err(|error| fault(&error))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, as a body.
    pub fn into_bytes(self) -> Bytes {
        Bytes::from(self.0)
    }
}

fn write(text: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) -> Result<(), Refused> {
    serde_json::to_writer(text, value).map_err(|error| fault(&error))
}

/// Makes one object of `{"tag":"…"` and the object that follows.
fn join(text: &mut Vec<u8>, at: usize) -> Result<(), Refused> {
    match &text[at..] {
        [b'{', b'}'] => drop(text.remove(at)),
        [b'{', ..] => text[at] = b',',
        _ => return Err(fault(&"a tag can be put into a JSON object only")),
    }
    Ok(())
}

/// The client can't mend it and learns nothing of the inside; the log does.
fn fault(error: &dyn std::fmt::Display) -> Refused {
    tracing::error!(%error, "a representation can't be written");
    Refusal::new(RefusalKind::Internal).into()
}

impl Serialize for Representation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(&self.0).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use etag_core::TagText;
    use serde_json::json;

    use super::*;

    fn tagged(value: &serde_json::Value) -> Result<Representation, Refused> {
        let etag = ETag::strong("7").unwrap();
        Representation::new(Some((TagMember::new("etag", TagText::Bare), &etag)), value)
    }

    #[test]
    fn the_tag_joins_the_members_that_are_there() {
        assert_eq!(tagged(&json!({})).unwrap().as_str(), r#"{"etag":"7"}"#);
        assert_eq!(tagged(&json!({"a": {}})).unwrap().as_str(), r#"{"etag":"7","a":{}}"#);
        assert_eq!(Representation::new(None, &json!([1])).unwrap().as_str(), "[1]");
    }

    #[test]
    fn what_is_no_object_takes_no_tag() {
        assert!(tagged(&json!([])).is_err());
        assert!(tagged(&json!("{")).is_err());
    }
}
