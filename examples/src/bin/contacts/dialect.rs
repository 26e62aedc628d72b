//! How the People API spells conditions: in the body, with one tag for the person and one for each source.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use clap::ValueEnum;
use etag_axum::MultipartBatch;
use etag_core::{
    BatchRules, ConditionPlacement, Dialect, ETag, ErrorEnvelope, Head, IfUnchanged, Missing, Model, Refusal,
    RefusalKind, Revision, TagCodec, TagMember, TagPlacement, TagText, Versioned as _, WriteKind,
};

use crate::{error_format::ERRORS, masks::field_numbers, model::Contact};

/// The member that holds the tag.
pub(crate) const ETAG: TagMember = TagMember::new("etag", TagText::Bare);

/// The dialect of the People API.
pub(crate) const PEOPLE: Dialect = Dialect {
    name: "Google People",
    codec: &PersonTags::State,
    tag_placement: TagPlacement::Member(ETAG),
    condition_placement: ConditionPlacement::Member(ETAG),
    missing: &UpdatesOfContactsNeedATag,
    missing_status: 400,
    mismatch_status: 400,
    too_long_status: 400,
    if_unchanged: IfUnchanged::Rewrite,
    error_envelope: ErrorEnvelope::Own(&ERRORS),
    batch: Some(BatchRules::new(&MultipartBatch::GOOGLE, 1000)),
    ..Dialect::RFC_9110
};

/// Tags that look like those of the service: a version of eight bytes, and for contacts a message around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PersonTags {
    /// The state, so that it is the same whatever fields were asked for
    State,
    /// The state and the fields that were asked for, as that of the service; updates look at the state alone
    StateAndFields,
}

impl TagCodec for PersonTags {
    fn encode(&self, model: &Model, head: &Head) -> ETag {
        self.encode_selection(model, head, "")
    }

    fn encode_selection(&self, model: &Model, head: &Head, selection: &str) -> ETag {
        let version = version(head.revision);
        match self {
            _ if !is_person(model) => tag(&version),
            Self::State => person_tag(&[], &version),
            Self::StateAndFields => person_tag(&field_numbers(selection), &version),
        }
    }

    fn is_current(&self, model: &Model, current: &Head, etag: &ETag) -> bool {
        is_person(model)
            && *self == Self::StateAndFields
            && version_in(etag).is_some_and(|named| named == version(current.revision).as_bytes())
    }
}

fn is_person(model: &Model) -> bool {
    model.collection == Contact::MODEL.collection
}

/// The version of a state. Sequences grow within an epoch, epochs are random: XOR keeps the states of one apart for certain,
/// and those of two with a chance of one in 2⁴⁸ to meet.
fn version(revision: Revision) -> String {
    let mut epoch = [0; 8];
    epoch[..6].copy_from_slice(&revision.epoch().to_bytes());
    BASE64_STANDARD.encode((u64::from_be_bytes(epoch) ^ revision.sequence()).to_be_bytes())
}

/// The fields of a person's tag, which is a protobuf message, each with its length before it.
const FIELDS_ASKED_FOR: u8 = 0x12;
const SOURCE_TYPES: [u8; 6] = [0x1A, 4, 1, 2, 5, 7];
const VERSION: u8 = 0x22;

/// The tag of a person with this version: `%`, and a message that names the fields that were asked for, where there are some,
/// what kinds of sources there are, and the version.
fn person_tag(numbers: &[u8], version: &str) -> ETag {
    let mut message = Vec::new();
    if !numbers.is_empty() {
        append(&mut message, FIELDS_ASKED_FOR, numbers);
    }
    message.extend_from_slice(&SOURCE_TYPES);
    append(&mut message, VERSION, version.as_bytes());
    tag(&format!("%{}", BASE64_STANDARD.encode(message)))
}

fn append(message: &mut Vec<u8>, field: u8, content: &[u8]) {
    message.extend([field, u8::try_from(content.len()).unwrap_or(u8::MAX)]);
    message.extend_from_slice(content);
}

/// The version in the tag of a person.
fn version_in(etag: &ETag) -> Option<Vec<u8>> {
    let message = BASE64_STANDARD.decode(etag.opaque().strip_prefix(b"%")?).ok()?;
    let mut rest = &message[..];
    while let [field, length, after @ ..] = rest {
        let (content, next) = after.split_at_checked(usize::from(*length))?;
        if *field == VERSION {
            return Some(content.to_vec());
        }
        rest = next;
    }
    None
}

/// What is no tag of anything stands for a state that never was.
fn tag(text: &str) -> ETag {
    ETAG.read(text).unwrap_or_else(|_| ETag::strong("").expect("an empty tag is one"))
}

/// The tag of a contact's one source, which says the same as that of the person in another form.
pub(crate) fn source_tag(head: &Head) -> String {
    format!("#{}", version(head.revision))
}

/// What a body's `person.etag` names.
pub(crate) fn named_by_person(text: &str) -> ETag {
    tag(text)
}

/// What the tag of a source names, as a tag of the person.
pub(crate) fn named_by_source(text: &str) -> ETag {
    person_tag(&[], text.strip_prefix('#').unwrap_or_default())
}

/// A tag is needed to update a contact; contacts are deleted, and groups are changed, without one.
#[derive(Debug)]
struct UpdatesOfContactsNeedATag;

impl Missing for UpdatesOfContactsNeedATag {
    fn judge(&self, write: WriteKind, state: Option<&Head>) -> Result<(), Refusal> {
        let is_contact = state.is_some_and(|head| head.key.collection() == Contact::MODEL.collection);
        match write {
            WriteKind::Update if is_contact => Err(Refusal::new(RefusalKind::ConditionMissing)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use etag_core::{Epoch, MemoryStore, StoreExt as _};

    use super::*;

    fn revision(epoch: u8, sequence: u64) -> Revision {
        Revision::new(Epoch::from_bytes([epoch; 6]), sequence)
    }

    #[test]
    fn versions_are_twelve_characters_and_differ_between_sequences_and_epochs() {
        let versions =
            [(1, 1), (1, 2), (2, 1), (1, 70_000)].map(|(epoch, sequence)| version(revision(epoch, sequence)));
        assert!(versions.iter().all(|version| version.len() == 12));
        let different: std::collections::BTreeSet<_> = versions.iter().collect();
        assert_eq!(different.len(), versions.len());
    }

    #[test]
    fn the_tag_of_a_source_names_the_state_of_its_person() {
        let version = version(revision(3, 9));
        assert_eq!(named_by_source(&format!("#{version}")), person_tag(&[], &version));
        assert_ne!(named_by_source(&version), person_tag(&[], &version));
        assert_ne!(named_by_source("#"), person_tag(&[], &version));
    }

    #[test]
    fn a_tag_that_was_seen_live_is_made_of_its_fields_and_version() {
        let numbers = field_numbers("memberships,names");
        let tag = person_tag(&numbers, "fAM7NHVxAFg=");
        assert_eq!(ETAG.text_of(&tag), "%EgYBAhYuNz0aBAECBQciDGZBTTdOSFZ4QUZnPQ==");
        assert_eq!(version_in(&tag).as_deref(), Some(&b"fAM7NHVxAFg="[..]));
    }

    #[test]
    fn the_version_is_field_4_of_the_message_whatever_stands_before_it() {
        let version = version(revision(3, 9));
        for numbers in [&[][..], &[1], &[1, 2, 0x22, 12]] {
            assert_eq!(version_in(&person_tag(numbers, &version)).as_deref(), Some(version.as_bytes()), "{numbers:?}");
        }
        for message in [&[][..], &[0x22], &[0x22, 1], &[0x1A, 200, 0x22, 1, 7], &[0x12, 1, 0x22]] {
            assert_eq!(version_in(&tag(&format!("%{}", BASE64_STANDARD.encode(message)))), None, "{message:?}");
        }
        assert_eq!(version_in(&named_by_person("%%")), None);
    }

    #[test]
    fn what_is_no_tag_names_no_state() {
        for text in ["", "*", "a b", "ü", "\""] {
            assert!(!named_by_person(text).opaque().starts_with(b"%"), "{text:?}");
        }
    }

    #[tokio::test]
    async fn a_person_and_its_source_have_other_tags_after_a_change() {
        let store = MemoryStore::new();
        let made = store.create(&Contact::new(7.into())).await.unwrap();
        let mut changed = made.value().clone();
        changed.fields.insert("names".to_owned(), Vec::new());
        let changed = store.replace(&changed, made.etag()).await.unwrap();
        let tags = |head| (PersonTags::State.encode(Contact::MODEL, head), source_tag(head));
        let (before, after) = (tags(made.head()), tags(changed.head()));
        assert!(before.0 != after.0 && before.1 != after.1);
        assert_eq!(named_by_source(&after.1), after.0);
    }
}
