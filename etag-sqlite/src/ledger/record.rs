//! The outcome of a commit as text.

use etag_core::{
    ContentDigest, Effect, Epoch, Head, Key, Revision, StoredTag, Strength, Written, from_unix_micros, unix_micros,
};
use serde::{Deserialize, Serialize};

pub(super) type Unreadable = Box<dyn std::error::Error + Send + Sync>;

pub(super) fn to_json(items: &[Written]) -> serde_json::Result<String> {
    serde_json::to_string(&items.iter().map(WrittenRecord::from).collect::<Vec<_>>())
}

pub(super) fn from_json(text: &str) -> Result<Vec<Written>, Unreadable> {
    let records: Vec<WrittenRecord> = serde_json::from_str(text)?;
    records.into_iter().map(Written::try_from).collect()
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
    created: RevisionRecord,
    /// When it was created and modified, in microseconds.
    times: [u64; 2],
    strong_date: bool,
    schema: u32,
    content: [u64; 2],
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
        Ok(Self { effect: record.effect.into(), head: record.head.map(Head::try_from).transpose()? })
    }
}

impl From<&Head> for HeadRecord {
    fn from(head: &Head) -> Self {
        Self {
            collection: head.key.collection().to_owned(),
            id: head.key.id().to_owned(),
            tag: text_of_bytes(head.tag.as_bytes()),
            revision: head.revision.into(),
            created: head.created.into(),
            times: [unix_micros(head.created_at), unix_micros(head.modified_at)],
            strong_date: head.date_strength == Strength::Strong,
            schema: head.schema,
            content: halves(head.content),
        }
    }
}

impl TryFrom<HeadRecord> for Head {
    type Error = Unreadable;

    fn try_from(record: HeadRecord) -> Result<Self, Unreadable> {
        let [created_at, modified_at] = record.times.map(from_unix_micros);
        Ok(Self {
            key: Key::new(record.collection, record.id),
            tag: StoredTag::from_bytes(&bytes_of_text(&record.tag)?)?,
            revision: record.revision.into(),
            created: record.created.into(),
            created_at,
            modified_at,
            date_strength: if record.strong_date { Strength::Strong } else { Strength::Weak },
            schema: record.schema,
            content: joined(record.content),
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

    #[test]
    fn an_outcome_is_read_back_as_it_was_written() {
        let head = Head {
            key: Key::new("notes", "ü \" 1"),
            tag: StoredTag::from_bytes(b"W/\"\xE9\\\"").unwrap(),
            revision: Revision::new(Epoch::from_bytes([255; 6]), u64::MAX),
            created: Revision::new(Epoch::from_bytes([0, 1, 2, 3, 4, 5]), 1),
            created_at: from_unix_micros(1),
            modified_at: from_unix_micros(2_000_001),
            date_strength: Strength::Weak,
            schema: 3,
            content: ContentDigest::from_bytes(*b"0123456789abcdef"),
        };
        let items =
            [Written { effect: Effect::Replaced, head: Some(head) }, Written { effect: Effect::Checked, head: None }];
        let text = to_json(&items).unwrap();
        assert_eq!(from_json(&text).unwrap(), items);
    }

    #[test]
    fn a_damaged_outcome_is_an_error() {
        assert!(from_json("[{\"effect\":\"created\",\"head\":{}}]").is_err());
        assert!(bytes_of_text("\u{20AC}").is_err());
    }
}
