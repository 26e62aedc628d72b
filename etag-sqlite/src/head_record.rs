//! A head as JSON.

use etag_core::{ContentDigest, Epoch, Head, Key, Revision, StoredTag, Strength, from_unix_micros, unix_micros};
use serde::{Deserialize, Serialize};

use crate::parents::{self, ParentRecord, Unreadable};

#[derive(Serialize, Deserialize)]
pub(crate) struct HeadRecord {
    collection: String,
    id: String,
    tag: String,
    revision: RevisionRecord,
    /// Where it is not that of the state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    edited: Option<RevisionRecord>,
    created: RevisionRecord,
    /// When it was created and modified, in microseconds.
    times: [u64; 2],
    strong_date: bool,
    schema: u32,
    content: [u64; 2],
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    parents: Vec<ParentRecord>,
}

/// The epoch and the sequence.
#[derive(Serialize, Deserialize)]
struct RevisionRecord([u8; 6], u64);

impl From<&Head> for HeadRecord {
    fn from(head: &Head) -> Self {
        Self {
            collection: head.key.collection().to_owned(),
            id: head.key.id().to_owned(),
            tag: text_of(&head.tag),
            revision: head.revision.into(),
            edited: (head.edited != head.revision).then(|| head.edited.into()),
            created: head.created.into(),
            times: [unix_micros(head.created_at), unix_micros(head.modified_at)],
            strong_date: head.date_strength == Strength::Strong,
            schema: head.schema,
            content: halves(head.content),
            parents: parents::records(&head.parents),
        }
    }
}

impl TryFrom<HeadRecord> for Head {
    type Error = Unreadable;

    fn try_from(record: HeadRecord) -> Result<Self, Unreadable> {
        let revision = record.revision.into();
        let [created_at, modified_at] = record.times.map(from_unix_micros);
        Ok(Self {
            key: Key::new(record.collection, record.id),
            tag: tag_of(&record.tag)?,
            revision,
            edited: record.edited.map_or(revision, Revision::from),
            created: record.created.into(),
            created_at,
            modified_at,
            date_strength: if record.strong_date { Strength::Strong } else { Strength::Weak },
            schema: record.schema,
            content: joined(record.content),
            parents: parents::from_records(record.parents)?,
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

/// A tag need not be UTF-8 (RFC 9110 §8.8.3, obs-text), and JSON must: each byte is written as the character of its number.
pub(crate) fn text_of(tag: &StoredTag) -> String {
    tag.as_bytes().iter().copied().map(char::from).collect()
}

pub(crate) fn tag_of(text: &str) -> Result<StoredTag, Unreadable> {
    let bytes: Vec<u8> = text.chars().map(u8::try_from).collect::<Result<_, _>>()?;
    Ok(StoredTag::from_bytes(&bytes)?)
}

fn halves(digest: ContentDigest) -> [u64; 2] {
    let bytes = digest.to_bytes();
    let (upper, lower) = bytes.split_at(8);
    [upper, lower].map(|half| half.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
}

fn joined([upper, lower]: [u64; 2]) -> ContentDigest {
    ContentDigest::from_bytes(((u128::from(upper) << 64) | u128::from(lower)).to_be_bytes())
}
