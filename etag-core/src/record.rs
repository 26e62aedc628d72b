//! Outcomes and parents as text, for stores that keep text.

use serde::{Deserialize, Serialize};

use crate::{
    ContentDigest, Effect, Epoch, Error, ErrorKind, Head, Hold, Key, LedgerEntry, LinkRule, ParentLink, Parents,
    Revision, StoredTag, Strength, Touched, Written, from_unix_micros, unix_micros,
};

type Unreadable = Box<dyn std::error::Error + Send + Sync>;

impl LedgerEntry {
    /// What the commit did, as JSON.
    ///
    /// ```
    /// use etag_core::{ContentDigest, LedgerEntry};
    ///
    /// let fingerprint = ContentDigest::from_bytes([1; 16]);
    /// let entry = LedgerEntry { fingerprint, items: Default::default(), touched: Vec::new() };
    /// assert_eq!(LedgerEntry::from_outcome(fingerprint, &entry.outcome())?, entry);
    /// # Ok::<(), etag_core::Error>(())
    /// ```
    ///
    /// # Panics
    /// Never: texts and numbers are always JSON.
    pub fn outcome(&self) -> String {
        let items = self.items.iter().map(WrittenRecord::from).collect();
        let touched = self.touched.iter().map(TouchedRecord::from).collect();
        serde_json::to_string(&OutcomeRecord { items, touched }).expect("texts and numbers are always JSON")
    }

    /// The entry of which a store has kept the fingerprint and [`outcome`](Self::outcome).
    ///
    /// # Errors
    /// [`ErrorKind::Corrupt`] where the text is no outcome.
    pub fn from_outcome(fingerprint: ContentDigest, outcome: &str) -> Result<Self, Error> {
        let read = || -> Result<Self, Unreadable> {
            let record: OutcomeRecord = serde_json::from_str(outcome)?;
            let items = record.items.into_iter().map(Written::try_from).collect::<Result<_, _>>()?;
            let touched = record.touched.into_iter().map(Touched::try_from).collect::<Result<_, _>>()?;
            Ok(Self { fingerprint, items, touched })
        };
        read().map_err(|error| unreadable("outcome of a commit", error))
    }
}

impl Head {
    /// All of it as JSON, its times to the microsecond, for a store that keeps it in one column.
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let note = MemoryStore::new().create(&Note { id: "1".into(), text: "milk".into() }).await?;
    /// assert_eq!(Head::from_json(&note.head().to_json())?.tag, note.head().tag);
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    ///
    /// # Panics
    /// Never: texts and numbers are always JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(&HeadRecord::from(self)).expect("texts and numbers are always JSON")
    }

    /// The head that a store has kept.
    ///
    /// # Errors
    /// [`ErrorKind::Corrupt`] where the text is none.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let read = || -> Result<Self, Unreadable> { serde_json::from_str::<HeadRecord>(text)?.try_into() };
        read().map_err(|error| unreadable("head", error))
    }
}

impl Parents {
    /// The links as JSON; `None` where there are none.
    ///
    /// ```
    /// use etag_core::{Derives, Hold, Key, LinkRule, Lock, OnDelete, ParentLink, Parents, Touch};
    ///
    /// let (touch, lock, on_delete) = (Touch::Content, Lock::Family, OnDelete::Cascade);
    /// let rule = LinkRule { touch, lock, on_delete, derives: Derives::Nothing };
    /// let link = ParentLink { name: "task".into(), parent: Key::new("tasks", "7"), rule, hold: Hold::Held };
    /// let parents: Parents = [link].into_iter().collect();
    /// let text = parents.to_json().unwrap();
    /// assert_eq!(text, r#"[["task","tasks","7",10,true]]"#);
    /// assert_eq!(Parents::from_json(&text)?, parents);
    /// # Ok::<(), etag_core::Error>(())
    /// ```
    ///
    /// # Panics
    /// Never: texts and numbers are always JSON.
    pub fn to_json(&self) -> Option<String> {
        let records: Vec<_> = self.links().iter().map(LinkRecord::from).collect();
        (!records.is_empty()).then(|| serde_json::to_string(&records).expect("texts and numbers are always JSON"))
    }

    /// The links that a store has kept.
    ///
    /// # Errors
    /// [`ErrorKind::Corrupt`] where the text is none.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let read = || -> Result<Self, Unreadable> {
            let records: Vec<LinkRecord> = serde_json::from_str(text)?;
            records.into_iter().map(ParentLink::try_from).collect()
        };
        read().map_err(|error| unreadable("list of parents", error))
    }
}

fn unreadable(what: &str, error: Unreadable) -> Error {
    Error::new(ErrorKind::Corrupt, format!("a stored {what} can't be read: {error}")).with_source(error)
}

#[derive(Serialize, Deserialize)]
struct OutcomeRecord {
    items: Vec<WrittenRecord>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    touched: Vec<TouchedRecord>,
}

/// The collection, the id, the tag before and the tag after.
#[derive(Serialize, Deserialize)]
struct TouchedRecord(String, String, String, Option<String>);

/// The name, the parent, the rule's code, and whether it is held.
#[derive(Serialize, Deserialize)]
struct LinkRecord(String, String, String, u8, bool);

impl From<&Touched> for TouchedRecord {
    fn from(touched: &Touched) -> Self {
        let after = touched.after.as_ref().map(|tag| text_of_bytes(tag.as_bytes()));
        let (collection, id) = (touched.key.collection().to_owned(), touched.key.id().to_owned());
        Self(collection, id, text_of_bytes(touched.before.as_bytes()), after)
    }
}

impl TryFrom<TouchedRecord> for Touched {
    type Error = Unreadable;

    fn try_from(TouchedRecord(collection, id, before, after): TouchedRecord) -> Result<Self, Unreadable> {
        let tag = |text: String| -> Result<_, Unreadable> { Ok(StoredTag::from_bytes(&bytes_of_text(&text)?)?) };
        Ok(Self { key: Key::new(collection, id), before: tag(before)?, after: after.map(tag).transpose()? })
    }
}

impl From<&ParentLink> for LinkRecord {
    fn from(link: &ParentLink) -> Self {
        let (collection, id) = (link.parent.collection().to_owned(), link.parent.id().to_owned());
        Self(link.name.to_string(), collection, id, link.rule.code(), link.hold == Hold::Held)
    }
}

impl TryFrom<LinkRecord> for ParentLink {
    type Error = Unreadable;

    fn try_from(LinkRecord(name, collection, id, code, is_held): LinkRecord) -> Result<Self, Unreadable> {
        let rule = LinkRule::from_code(code).ok_or_else(|| format!("{code} is no rule of a link"))?;
        let hold = if is_held { Hold::Held } else { Hold::Detached };
        Ok(Self { name: name.into(), parent: Key::new(collection, id), rule, hold })
    }
}

#[derive(Serialize, Deserialize)]
struct WrittenRecord {
    effect: EffectRecord,
    #[serde(skip_serializing_if = "Option::is_none")]
    head: Option<HeadRecord>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum EffectRecord {
    Created,
    Replaced,
    Unchanged,
    Deleted,
    Checked,
}

#[derive(Serialize, Deserialize)]
struct HeadRecord {
    collection: String,
    id: String,
    tag: String,
    revision: RevisionRecord,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    edited: Option<RevisionRecord>,
    created: RevisionRecord,
    /// When it was created and modified, in microseconds.
    times: [u64; 2],
    strong_date: bool,
    schema: u32,
    content: [u64; 2],
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    parents: Vec<LinkRecord>,
}

/// The epoch and the sequence.
#[derive(Serialize, Deserialize)]
struct RevisionRecord([u8; 6], u64);

impl From<&Written> for WrittenRecord {
    fn from(written: &Written) -> Self {
        Self { effect: written.effect.into(), head: written.head.as_ref().map(HeadRecord::from) }
    }
}

impl TryFrom<WrittenRecord> for Written {
    type Error = Unreadable;

    fn try_from(record: WrittenRecord) -> Result<Self, Unreadable> {
        Ok(Self::new(record.effect.into(), record.head.map(Head::try_from).transpose()?))
    }
}

impl From<&Head> for HeadRecord {
    fn from(head: &Head) -> Self {
        Self {
            collection: head.key.collection().to_owned(),
            id: head.key.id().to_owned(),
            tag: text_of_bytes(head.tag.as_bytes()),
            revision: head.revision.into(),
            edited: (head.edited != head.revision).then(|| head.edited.into()),
            created: head.created.into(),
            times: [unix_micros(head.created_at), unix_micros(head.modified_at)],
            strong_date: head.date_strength == Strength::Strong,
            schema: head.schema,
            content: halves(head.content),
            parents: head.parents.links().iter().map(LinkRecord::from).collect(),
        }
    }
}

impl TryFrom<HeadRecord> for Head {
    type Error = Unreadable;

    fn try_from(record: HeadRecord) -> Result<Self, Unreadable> {
        let [created_at, modified_at] = record.times.map(from_unix_micros);
        let revision = record.revision.into();
        Ok(Self {
            key: Key::new(record.collection, record.id),
            tag: StoredTag::from_bytes(&bytes_of_text(&record.tag)?)?,
            revision,
            edited: record.edited.map_or(revision, Revision::from),
            created: record.created.into(),
            created_at,
            modified_at,
            date_strength: if record.strong_date { Strength::Strong } else { Strength::Weak },
            schema: record.schema,
            content: joined(record.content),
            parents: record.parents.into_iter().map(ParentLink::try_from).collect::<Result<_, _>>()?,
        })
    }
}

impl From<Revision> for RevisionRecord {
    fn from(revision: Revision) -> Self {
        Self(revision.epoch().to_bytes(), revision.sequence())
    }
}

impl From<RevisionRecord> for Revision {
    fn from(RevisionRecord(epoch, sequence): RevisionRecord) -> Self {
        Self::new(Epoch::from_bytes(epoch), sequence)
    }
}

macro_rules! same_effects {
    ($($effect:ident),*) => {
        impl From<Effect> for EffectRecord {
            fn from(effect: Effect) -> Self {
                match effect {
                    $(Effect::$effect => Self::$effect,)*
                }
            }
        }

        impl From<EffectRecord> for Effect {
            fn from(effect: EffectRecord) -> Self {
                match effect {
                    $(EffectRecord::$effect => Self::$effect,)*
                }
            }
        }
    };
}

same_effects!(Created, Replaced, Unchanged, Deleted, Checked);

/// A tag need not be UTF-8 (RFC 9110 §8.8.3, obs-text), and JSON must: each byte is written as the character of its number.
fn text_of_bytes(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

fn bytes_of_text(text: &str) -> Result<Vec<u8>, std::char::TryFromCharError> {
    text.chars().map(u8::try_from).collect()
}

fn halves(digest: ContentDigest) -> [u64; 2] {
    let bytes = digest.to_bytes();
    let (upper, lower) = bytes.split_at(8);
    [upper, lower].map(|half| half.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
}

fn joined([upper, lower]: [u64; 2]) -> ContentDigest {
    ContentDigest::from_bytes(((u128::from(upper) << 64) | u128::from(lower)).to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Derives, Lock, OnDelete, Touch};

    fn head() -> Head {
        let (touch, lock, on_delete) = (Touch::Structure, Lock::Own, OnDelete::Detach);
        let rule = LinkRule { touch, lock, on_delete, derives: Derives::Fields };
        let link = ParentLink { name: "list".into(), parent: Key::new("lists", "1"), rule, hold: Hold::Detached };
        Head {
            key: Key::new("notes", "ü \" 1"),
            tag: StoredTag::from_bytes(b"W/\"\xE9\\\"").unwrap(),
            revision: Revision::new(Epoch::from_bytes([255; 6]), u64::MAX),
            edited: Revision::new(Epoch::from_bytes([255; 6]), 7),
            created: Revision::new(Epoch::from_bytes([0, 1, 2, 3, 4, 5]), 1),
            created_at: from_unix_micros(1),
            modified_at: from_unix_micros(2_000_001),
            date_strength: Strength::Weak,
            schema: 3,
            content: ContentDigest::from_bytes(*b"0123456789abcdef"),
            parents: [link].into_iter().collect(),
        }
    }

    #[test]
    fn an_outcome_is_read_back_as_it_was_written() {
        let touched = Touched { key: Key::new("lists", "1"), before: head().tag, after: None };
        let entry = LedgerEntry {
            fingerprint: ContentDigest::from_bytes([1; 16]),
            items: [Written::new(Effect::Replaced, Some(head())), Written::new(Effect::Checked, None)]
                .into_iter()
                .collect(),
            touched: vec![touched],
        };
        assert_eq!(LedgerEntry::from_outcome(entry.fingerprint, &entry.outcome()).unwrap(), entry);
    }

    #[test]
    fn a_damaged_text_is_an_error() {
        let fingerprint = ContentDigest::from_bytes([1; 16]);
        let damaged = r#"{"items":[{"effect":"created","head":{}}]}"#;
        assert_eq!(LedgerEntry::from_outcome(fingerprint, damaged).unwrap_err().kind(), ErrorKind::Corrupt);
        assert_eq!(Parents::from_json(r#"[["a","b","c",255,true]]"#).unwrap_err().kind(), ErrorKind::Corrupt);
        assert!(bytes_of_text("\u{20AC}").is_err());
    }
}
