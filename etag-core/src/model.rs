//! What is known of a model without a value: its name, its fields, its links and its validator.

use crate::{ChangeRule, Comparison, ETag, Expectation, Link, StoredTag, TagMatch, Validator};

/// The static description of a model, made by `#[derive(Versioned)]` and read by stores, routers and dialects.
///
/// ```
/// use etag_core::{Validator, Versioned};
///
/// #[derive(Versioned)]
/// #[versioned(collection = "notes", validator = revision)]
/// struct Note {
///     #[versioned(id)]
///     id: String,
///     text: String,
/// }
///
/// assert_eq!(Note::MODEL.collection, "notes");
/// assert_eq!(Note::MODEL.validator, Validator::Revision);
/// assert_eq!(Note::MODEL.field("text").unwrap().name, "text");
/// ```
#[derive(Debug)]
pub struct Model {
    /// The struct's name.
    pub name: &'static str,
    /// The collection in which its resources are kept, and the first segment of their paths.
    pub collection: &'static str,
    /// The number of the representation: part of every published tag (rule T9).
    pub representation: u32,
    /// The number of the stored form; rows with a lower one are upgraded when read (rule T9). They keep their tags, so an
    /// upgrade that changes what is served raises [`representation`](Self::representation) too.
    pub schema: u32,
    /// Where its tags come from.
    pub validator: Validator,
    /// Its serialised fields, in the order of the struct.
    pub fields: &'static [ModelField],
    /// The parents it names.
    pub links: &'static [Link],
    /// Which of a resource's last versions the store remembers, so that a conflict can name what changed (rule B2).
    pub changes: ChangeRule,
}

impl Model {
    /// The field with this serialised name.
    ///
    /// ```
    /// # use etag_core::*;
    /// # #[derive(Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// let text = Note::MODEL.field("text");
    /// assert_eq!(text, Some(&ModelField::data("text")));
    /// assert_eq!(Note::MODEL.field("colour"), None);
    /// ```
    pub fn field(&self, name: &str) -> Option<&'static ModelField> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field that holds the id. Every model has one.
    ///
    /// ```
    /// # use etag_core::*;
    /// # #[derive(Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// assert_eq!(Note::MODEL.id_field().map(|field| field.name), Some("id"));
    /// ```
    pub fn id_field(&self) -> Option<&'static ModelField> {
        self.fields.iter().find(|field| field.role == FieldRole::Id)
    }

    /// The link with this name.
    ///
    /// ```
    /// # use etag_core::*;
    /// # #[derive(Versioned)]
    /// # #[versioned(collection = "boards", validator = revision)]
    /// # struct Board { #[versioned(id)] id: u64 }
    /// # #[derive(Versioned)]
    /// # #[versioned(collection = "tasks", validator = revision)]
    /// # struct Task { #[versioned(id)] id: u64, #[versioned(parent(Board, touch = none))] board_id: u64 }
    /// assert_eq!(Task::MODEL.link("board").map(|link| link.field), Some("board_id"));
    /// assert!(Task::MODEL.link("owner").is_none());
    /// ```
    pub fn link(&self, name: &str) -> Option<&'static Link> {
        self.links.iter().find(|link| link.name == name)
    }

    /// The fields that the store fills in when a resource is read: times, revision and tag.
    ///
    /// ```
    /// # use etag_core::*;
    /// #[derive(Versioned)]
    /// #[versioned(collection = "notes", validator = revision)]
    /// struct Note {
    ///     #[versioned(id)]
    ///     id: String,
    ///     #[versioned(revision)]
    ///     revision: u64,
    /// }
    /// let stamps: Vec<_> = Note::MODEL.stamps().map(|field| field.name).collect();
    /// assert_eq!(stamps, ["revision"]);
    /// ```
    pub fn stamps(&self) -> impl Iterator<Item = &'static ModelField> {
        self.fields.iter().filter(|field| field.role.is_stamp())
    }

    /// The fields that are made of its children's states, in their commits ([`Link::derive`]).
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// #[derive(Serialize, Deserialize, Versioned)]
    /// #[versioned(collection = "boards", validator = revision)]
    /// struct Board {
    ///     #[versioned(id)]
    ///     id: String,
    ///     #[serde(default)]
    ///     #[versioned(derived)]
    ///     task_count: u32,
    /// }
    /// let derived: Vec<_> = Board::MODEL.derived().map(|field| field.name).collect();
    /// assert_eq!(derived, ["task_count"]);
    /// ```
    pub fn derived(&self) -> impl Iterator<Item = &'static ModelField> {
        self.fields.iter().filter(|field| field.role == FieldRole::Derived)
    }

    /// The tag to show the world for what the store keeps as `stored`: the same with the number of the representation
    /// in it, or the very same where the tag is another server's.
    ///
    /// ```
    /// # use etag_core::*;
    /// # #[derive(Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// let stored = StoredTag::from_bytes(b"\"r.AAAAAAAA.42\"")?;
    /// assert_eq!(Note::MODEL.publish(&stored).as_bytes(), b"\"r1.AAAAAAAA.42\"");
    /// # Ok::<(), InvalidETag>(())
    /// ```
    pub fn publish(&self, stored: &StoredTag) -> ETag {
        if self.validator == Validator::Opaque {
            return stored.0.clone();
        }
        let mut number = itoa::Buffer::new();
        // After the letter that says what the tag is made of.
        stored.0.with_second(number.format(self.representation).as_bytes())
    }

    /// What the store keeps for a tag that was published; `None` for a tag that this model, with this representation,
    /// never gave, which therefore matches nothing.
    ///
    /// ```
    /// # use etag_core::*;
    /// # #[derive(Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// let stored = Note::MODEL.stored(&ETag::strong("r1.AAAAAAAA.42")?);
    /// assert_eq!(stored, Some(StoredTag::from_bytes(b"\"r.AAAAAAAA.42\"")?));
    /// // Given out before the representation changed, or by somebody else.
    /// assert_eq!(Note::MODEL.stored(&ETag::strong("r0.AAAAAAAA.42")?), None);
    /// # Ok::<(), InvalidETag>(())
    /// ```
    pub fn stored(&self, published: &ETag) -> Option<StoredTag> {
        if self.validator == Validator::Opaque {
            return Some(StoredTag(published.clone()));
        }
        let mut number = itoa::Buffer::new();
        let number = number.format(self.representation).as_bytes();
        let (kind, rest) = published.opaque().split_at_checked(1)?;
        let rest = rest.strip_prefix(number).filter(|rest| rest.first() == Some(&b'.'))?;
        Some(StoredTag(ETag::from_parts(published.strength(), &[kind, rest])))
    }

    /// The part of a published tag that writes of the content compare: without the count of touches that leave editors
    /// alone (rule F5). A tag that this model never gave is all its own.
    ///
    /// ```
    /// # use etag_core::*;
    /// # #[derive(Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String }
    /// let touched = ETag::strong("r1.AAAAAAAA.42:AAAAAAAAr")?;
    /// assert_eq!(Note::MODEL.own_part(&touched), ETag::strong("r1.AAAAAAAA.42")?);
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    pub fn own_part(&self, published: &ETag) -> ETag {
        let stored = self.stored(published).filter(|_| self.validator != Validator::Opaque);
        stored.map_or_else(|| published.clone(), |stored| self.publish(&stored.own_part()))
    }

    /// What a write under `If-Match: etag` demands of the stored state. A tag that the model never gave matches nothing.
    ///
    /// ```
    /// # use etag_core::*;
    /// # #[derive(Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// let etag = ETag::strong("r1.AAAAAAAA.42")?;
    /// let delete = Delete::new(Note::key_of(&"1".to_owned()), Note::MODEL.expect(&etag));
    /// assert!(matches!(delete.expectation, Expectation::Matches(_)));
    /// # Ok::<(), InvalidETag>(())
    /// ```
    pub fn expect(&self, etag: &ETag) -> Expectation {
        self.expect_any(std::iter::once(etag), Comparison::Strong)
    }

    /// What a write demands that names several tags, compared in a dialect's way.
    ///
    /// ```
    /// # use etag_core::*;
    /// # #[derive(Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// let tags = [ETag::weak("r1.AAAAAAAA.42")?, ETag::strong("unknown")?];
    /// let Expectation::Matches(matching) = Note::MODEL.expect_any(&tags, Comparison::StrongOrWeakened) else {
    ///     unreachable!()
    /// };
    /// assert!(matching.contains(&StoredTag::from_bytes(b"\"r.AAAAAAAA.42\"")?, TagPart::Whole));
    /// # Ok::<(), InvalidETag>(())
    /// ```
    pub fn expect_any<'a>(&self, etags: impl IntoIterator<Item = &'a ETag>, comparison: Comparison) -> Expectation {
        let tags = etags.into_iter().filter_map(|etag| self.stored(etag)).collect();
        Expectation::Matches(TagMatch { tags, comparison })
    }
}

/// One field of a model.
///
/// ```
/// use etag_core::{MergeRule, ModelField, Versioned};
///
/// #[derive(Versioned)]
/// #[versioned(collection = "notes", validator = revision)]
/// struct Note {
///     #[versioned(id)]
///     id: String,
///     #[versioned(merge = union)]
///     labels: Vec<String>,
/// }
/// let labels = ModelField { merge: MergeRule::Union, ..ModelField::data("labels") };
/// assert_eq!(Note::MODEL.field("labels"), Some(&labels));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModelField {
    /// The name in the serialised form.
    pub name: &'static str,
    /// The name in the struct.
    pub rust_name: &'static str,
    /// What the field is for.
    pub role: FieldRole,
    /// How two edits of it merge.
    pub merge: MergeRule,
}

impl ModelField {
    /// A field that is plain content, named alike in the struct and in the serialised form.
    ///
    /// ```
    /// use etag_core::{FieldRole, MergeRule, ModelField};
    ///
    /// const TEXT: ModelField = ModelField::data("text");
    /// assert_eq!((TEXT.name, TEXT.role, TEXT.merge), ("text", FieldRole::Data, MergeRule::Reject));
    /// ```
    pub const fn data(name: &'static str) -> Self {
        Self { name, rust_name: name, role: FieldRole::Data, merge: MergeRule::Reject }
    }
}

/// What a field is for, and so who sets it.
///
/// ```
/// # use etag_core::*;
/// #[derive(Versioned)]
/// #[versioned(collection = "notes", validator = revision)]
/// struct Note {
///     #[versioned(id)]
///     id: String,
///     #[versioned(modified)]
///     changed: String,
/// }
/// assert_eq!(Note::MODEL.fields[0].role, FieldRole::Id);
/// assert_eq!(Note::MODEL.fields[1].role, FieldRole::Modified);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldRole {
    /// The resource's id: set once, by the client that names the path or by the server.
    Id,
    /// Content that a client may write.
    Data,
    /// The time at which the resource came to be; the store's.
    Created,
    /// The time of the last change; the store's.
    Modified,
    /// The sequence number of the revision; the store's.
    Revision,
    /// The resource's own tag, in its body; the store's, or the other server's for an opaque validator.
    ETag,
    /// What is made of the states of the resource's children, in their commits ([`Link::derive`]).
    Derived,
}

impl FieldRole {
    /// Whether the store fills the field in when the resource is read, so that no body can set it.
    ///
    /// ```
    /// use etag_core::FieldRole;
    ///
    /// assert!(FieldRole::Modified.is_stamp());
    /// assert!(!FieldRole::Data.is_stamp());
    /// ```
    pub const fn is_stamp(self) -> bool {
        matches!(self, Self::Created | Self::Modified | Self::Revision | Self::ETag)
    }

    /// Whether the server alone says what stands in the field: a stamp, or what is derived from children.
    ///
    /// ```
    /// use etag_core::FieldRole;
    ///
    /// assert!(FieldRole::Derived.is_the_servers());
    /// assert!(FieldRole::Modified.is_the_servers());
    /// assert!(!FieldRole::Id.is_the_servers());
    /// ```
    pub const fn is_the_servers(self) -> bool {
        self.is_stamp() || matches!(self, Self::Derived)
    }
}

/// How two edits of one field, made from the same base, become one (rule B3).
///
/// ```
/// # use etag_core::*;
/// #[derive(Versioned)]
/// #[versioned(collection = "counters", validator = revision)]
/// struct Counter {
///     #[versioned(id)]
///     id: String,
///     #[versioned(merge = max)]
///     highest: u64,
/// }
/// let counter = |highest| Counter { id: "1".into(), highest };
/// assert_eq!(Counter::merge(&counter(1), counter(5), &counter(3))?.highest, 5);
/// # Ok::<(), MergeConflict>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeRule {
    /// They don't: different edits are a conflict.
    Reject,
    /// The caller's edit stands.
    Ours,
    /// The stored edit stands.
    Theirs,
    /// What either added is in, what either removed is out.
    Union,
    /// The greater one stands.
    Max,
    /// A function of the model's author decides.
    Custom,
}
