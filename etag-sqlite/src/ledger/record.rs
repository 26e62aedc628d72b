//! The outcome of a commit as text.

use etag_core::{Effect, Head, Key, Touched, Written};
use serde::{Deserialize, Serialize};

use crate::{
    head_record::{HeadRecord, tag_of, text_of},
    parents::Unreadable,
};

pub(super) fn items_to_json(items: &[Written]) -> serde_json::Result<String> {
    serde_json::to_string(&items.iter().map(WrittenRecord::from).collect::<Vec<_>>())
}

pub(super) fn items_from_json(text: &str) -> Result<Vec<Written>, Unreadable> {
    let records: Vec<WrittenRecord> = serde_json::from_str(text)?;
    records.into_iter().map(Written::try_from).collect()
}

/// `None` where nothing was touched.
pub(super) fn touched_to_json(touched: &[Touched]) -> serde_json::Result<Option<String>> {
    if touched.is_empty() {
        return Ok(None);
    }
    serde_json::to_string(&touched.iter().map(TouchedRecord::from).collect::<Vec<_>>()).map(Some)
}

pub(super) fn touched_from_json(text: &str) -> Result<Vec<Touched>, Unreadable> {
    let records: Vec<TouchedRecord> = serde_json::from_str(text)?;
    records.into_iter().map(Touched::try_from).collect()
}

/// The collection, the id, the tag before and the tag after.
#[derive(Serialize, Deserialize)]
struct TouchedRecord(String, String, String, Option<String>);

impl From<&Touched> for TouchedRecord {
    fn from(touched: &Touched) -> Self {
        let Touched { key, before, after } = touched;
        let after = after.as_ref().map(text_of);
        Self(key.collection().to_owned(), key.id().to_owned(), text_of(before), after)
    }
}

impl TryFrom<TouchedRecord> for Touched {
    type Error = Unreadable;

    fn try_from(TouchedRecord(collection, id, before, after): TouchedRecord) -> Result<Self, Unreadable> {
        let after = after.as_deref().map(tag_of).transpose()?;
        Ok(Self { key: Key::new(collection, id), before: tag_of(&before)?, after })
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

#[cfg(test)]
mod tests {
    use etag_core::{ContentDigest, Epoch, ParentLink, Revision, StoredTag, Strength, from_unix_micros};

    use super::*;

    fn head() -> Head {
        let rule = etag_core::LinkRule::from_code(6).unwrap();
        let parent =
            ParentLink { name: "board".into(), parent: Key::new("boards", "1"), rule, hold: etag_core::Hold::Held };
        Head {
            key: Key::new("notes", "ü \" 1"),
            tag: StoredTag::from_bytes(b"W/\"\xE9\\\"").unwrap(),
            revision: Revision::new(Epoch::from_bytes([255; 6]), u64::MAX),
            edited: Revision::new(Epoch::from_bytes([255; 6]), u64::MAX - 1),
            created: Revision::new(Epoch::from_bytes([0, 1, 2, 3, 4, 5]), 1),
            created_at: from_unix_micros(1),
            modified_at: from_unix_micros(2_000_001),
            date_strength: Strength::Weak,
            schema: 3,
            content: ContentDigest::from_bytes(*b"0123456789abcdef"),
            parents: [parent].into_iter().collect(),
        }
    }

    #[test]
    fn an_outcome_is_read_back_as_it_was_written() {
        let items =
            [Written { effect: Effect::Replaced, head: Some(head()) }, Written { effect: Effect::Checked, head: None }];
        let text = items_to_json(&items).unwrap();
        assert_eq!(items_from_json(&text).unwrap(), items);
    }

    #[test]
    fn an_outcome_from_before_there_were_families_is_read() {
        let plain = Head { edited: head().revision, parents: etag_core::Parents::NONE, ..head() };
        let items = [Written { effect: Effect::Created, head: Some(plain) }];
        let text = items_to_json(&items).unwrap();
        assert!(!text.contains("edited") && !text.contains("parents"), "{text}");
        assert_eq!(items_from_json(&text).unwrap(), items);
    }

    #[test]
    fn what_was_touched_is_read_back_as_it_was_written() {
        let touched = Touched { key: head().key, before: head().tag, after: None };
        let touched = [Touched { after: Some(head().tag), ..touched.clone() }, touched];
        let text = touched_to_json(&touched).unwrap().unwrap();
        assert_eq!(touched_from_json(&text).unwrap(), touched);
        assert_eq!(touched_to_json(&[]).unwrap(), None);
    }

    #[test]
    fn a_damaged_outcome_is_an_error() {
        assert!(items_from_json("[{\"effect\":\"created\",\"head\":{}}]").is_err());
        assert!(tag_of("\u{20AC}").is_err());
    }
}
