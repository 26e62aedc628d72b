//! JSON representations, made of pieces.

use bytes::Bytes;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::{
    Refused,
    piece::{Piece, ROOM, fault, sealed::Write as _},
};

/// A representation, written once: it can be an answer, and a part of another one.
///
/// It is made of [pieces](Piece), which stand in it in the order in which they were given. Where two have a member of the
/// same name, the member is there twice: it is for the handler to see that they have not.
///
/// ```
/// use etag_axum::Representation;
/// use serde_json::value::RawValue;
///
/// let written: &RawValue = serde_json::from_str(r#"{"text":"milk"}"#)?;
/// let note = Representation::new().with("kind", "note")?.with_all(written)?;
/// assert_eq!(note.as_bytes(), br#"{"kind":"note","text":"milk"}"#);
///
/// let list = serde_json::to_string(&serde_json::json!({ "value": [note] }))?;
/// assert_eq!(list, r#"{"value":[{"kind":"note","text":"milk"}]}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Representation(Vec<u8>);

impl Default for Representation {
    fn default() -> Self {
        Self::new()
    }
}

impl Representation {
    /// An object without members.
    pub fn new() -> Self {
        let mut text = Vec::with_capacity(ROOM);
        text.extend_from_slice(b"{}");
        Self(text)
    }

    /// What `value` is, an object or not.
    pub(super) fn of(value: impl Piece) -> Result<Self, Refused> {
        let mut text = Vec::with_capacity(ROOM);
        value.write(&mut text)?;
        Ok(Self(text))
    }

    /// With a member.
    ///
    /// # Errors
    /// [`RefusalKind::Internal`](etag_core::RefusalKind::Internal), with the reason in the log, where the value is no JSON.
    pub fn with(mut self, name: &str, value: impl Piece) -> Result<Self, Refused> {
        self.begin_member(name)?;
        value.write(&mut self.0)?;
        self.0.push(b'}');
        Ok(self)
    }

    /// With a member that is a list.
    ///
    /// # Errors
    /// As for [`with`](Self::with).
    ///
    /// ```
    /// use etag_axum::Representation;
    ///
    /// let lines = ["milk", "eggs"].map(|line| Representation::new().with("text", line)).into_iter();
    /// let note = Representation::new().with_list("lines", lines.collect::<Result<Vec<_>, _>>()?)?;
    /// assert_eq!(note.as_bytes(), br#"{"lines":[{"text":"milk"},{"text":"eggs"}]}"#);
    /// # Ok::<(), etag_axum::Refused>(())
    /// ```
    pub fn with_list(mut self, name: &str, items: impl IntoIterator<Item = impl Piece>) -> Result<Self, Refused> {
        self.begin_member(name)?;
        self.0.push(b'[');
        for (place, item) in items.into_iter().enumerate() {
            if place > 0 {
                self.0.push(b',');
            }
            item.write(&mut self.0)?;
        }
        self.0.extend_from_slice(b"]}");
        Ok(self)
    }

    /// With all members of an object.
    ///
    /// # Errors
    /// As for [`with`](Self::with), and where it is no object.
    pub fn with_all(mut self, object: impl Piece) -> Result<Self, Refused> {
        let ours = self.0.len() - 1;
        self.0.truncate(ours);
        object.write(&mut self.0)?;
        join(&mut self.0, ours)?;
        Ok(self)
    }

    /// The text.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text, as a body.
    pub fn into_bytes(self) -> Bytes {
        self.0.into()
    }

    /// Opens the object again, for the value of a member.
    fn begin_member(&mut self, name: &str) -> Result<(), Refused> {
        self.0.pop();
        if self.0.len() > 1 {
            self.0.push(b',');
        }
        name.write(&mut self.0)?;
        self.0.push(b':');
        Ok(())
    }
}

/// Makes one object of one that is still open, `{` or `{"a":1`, and of the one that follows.
fn join(text: &mut Vec<u8>, at: usize) -> Result<(), Refused> {
    let Some(members) = text[at..].strip_prefix(b"{") else {
        return Err(fault(&"members can be put beside those of a JSON object only"));
    };
    let (has_ours, has_theirs) = (at > 1, !members.trim_ascii_start().starts_with(b"}"));
    match (has_ours, has_theirs) {
        (true, true) => text[at] = b',',
        (false, true) => drop(text.remove(at)),
        (_, false) => {
            text.truncate(at);
            text.push(b'}');
        }
    }
    Ok(())
}

impl Serialize for Representation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_slice(&self.0).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn text(representation: Result<Representation, Refused>) -> String {
        String::from_utf8(representation.unwrap().0).unwrap()
    }

    #[test]
    fn members_stand_in_the_order_in_which_they_were_given() {
        let begun = || Representation::new().with("tag", "7").unwrap();
        assert_eq!(text(begun().with("a\"", &1)), r#"{"tag":"7","a\"":1}"#);
        assert_eq!(text(begun().with_all(&json!({ "a": {} })).unwrap().with("b", &2)), r#"{"tag":"7","a":{},"b":2}"#);
        assert_eq!(text(begun().with_list("a", [&1, &2])), r#"{"tag":"7","a":[1,2]}"#);
        assert_eq!(text(Representation::new().with_all(begun())), r#"{"tag":"7"}"#);
    }

    #[test]
    fn an_object_without_members_adds_nothing() {
        for empty in ["{}", "{ }"] {
            let empty: &RawValue = serde_json::from_str(empty).unwrap();
            for with in [
                Representation::new().with_all(empty).unwrap().with("a", &1),
                Representation::new().with("a", &1).unwrap().with_all(empty),
            ] {
                let read: Value = serde_json::from_str(&text(with)).unwrap();
                assert_eq!(read, json!({ "a": 1 }));
            }
        }
    }

    #[test]
    fn what_is_no_object_has_no_members() {
        assert!(Representation::new().with_all(&json!([])).is_err());
        assert!(Representation::new().with_all("{").is_err());
    }

    #[test]
    fn text_is_sent_as_it_was_written() {
        let raw: &RawValue = serde_json::from_str("{\"a\": 1.50, \"b\":[ ]}").unwrap();
        assert_eq!(text(Representation::new().with_all(raw)), "{\"a\": 1.50, \"b\":[ ]}");
    }
}
