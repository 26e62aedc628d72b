//! Links: a child's declared relations to its parents (rules F1 to F6).

use crate::{Derive, Model};

/// A model's declared relation to a parent.
///
/// ```
/// # use etag_core::*;
/// # #[derive(Versioned)]
/// # #[versioned(collection = "boards", validator = revision)]
/// # struct Board { #[versioned(id)] id: u64 }
/// #[derive(Versioned)]
/// #[versioned(collection = "tasks", validator = revision)]
/// struct Task {
///     #[versioned(id)]
///     id: u64,
///     #[versioned(parent(Board, touch = none))]
///     board_id: u64,
/// }
/// let link = &Task::MODEL.links[0];
/// assert_eq!((link.name, link.field), ("board", "board_id"));
/// assert_eq!((link.parent)().collection, "boards");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// The link's name: the parent's in snake case unless the author gave another.
    pub name: &'static str,
    /// The parent's description; a function, since a model may be its own parent.
    pub parent: fn() -> &'static Model,
    /// The serialised name of the field that holds the parent's id.
    pub field: &'static str,
    /// Whether a child may be without this parent.
    pub presence: Presence,
    /// How many children of this kind a parent may have.
    pub cardinality: Cardinality,
    /// What child and parent mean to each other's writes.
    pub rule: LinkRule,
    /// How the parent's derived fields follow the child, where they do.
    pub derive: Option<Derive>,
}

/// Whether a child may be without a parent.
///
/// ```
/// # use etag_core::*;
/// # #[derive(Versioned)]
/// # #[versioned(collection = "boards", validator = revision)]
/// # struct Board { #[versioned(id)] id: u64 }
/// #[derive(Versioned)]
/// #[versioned(collection = "tasks", validator = revision)]
/// struct Task {
///     #[versioned(id)]
///     id: u64,
///     #[versioned(parent(Board, touch = none))]
///     board_id: Option<u64>,
/// }
/// let link = &Task::MODEL.links[0];
/// assert_eq!(link.presence, Presence::Optional);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Every child has this parent.
    Required,
    /// A child may stand alone.
    Optional,
}

/// How many children of one kind a parent may have.
///
/// ```
/// # use etag_core::*;
/// # #[derive(Versioned)]
/// # #[versioned(collection = "boards", validator = revision)]
/// # struct Board { #[versioned(id)] id: u64 }
/// #[derive(Versioned)]
/// #[versioned(collection = "tasks", validator = revision)]
/// struct Task {
///     #[versioned(id)]
///     id: u64,
///     #[versioned(parent(Board, touch = none))]
///     board_id: u64,
/// }
/// assert_eq!(Task::MODEL.links[0].cardinality, Cardinality::Many);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cardinality {
    /// Any number: the parent has a collection of them.
    Many,
    /// At most one, whose id is the parent's: the link stands on the field with the id.
    One,
}

/// What child and parent mean to each other's writes, as the child's attribute says.
///
/// A store keeps it with each child, so that it holds whoever writes next; a child that is written again takes the rule
/// that its model has now.
///
/// ```
/// use etag_core::{Derives, Lock, LinkRule, OnDelete, Touch};
///
/// let (touch, lock, on_delete) = (Touch::Content, Lock::Own, OnDelete::Cascade);
/// let rule = LinkRule { touch, lock, on_delete, derives: Derives::Nothing };
/// assert_eq!(LinkRule::from_code(rule.code()), Some(rule));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LinkRule {
    /// What a write of the child does to the parent's tag.
    pub touch: Touch,
    /// Whether a touch makes the parent's editors stale.
    pub lock: Lock,
    /// What a delete of the parent does to the child.
    pub on_delete: OnDelete,
    /// Whether fields of the parent follow the child.
    pub derives: Derives,
}

impl LinkRule {
    /// The rule as a store keeps it.
    pub const fn code(self) -> u8 {
        self.touch as u8 | (self.lock as u8) << 2 | (self.on_delete as u8) << 3 | (self.derives as u8) << 5
    }

    /// The rule that a store kept as `code`; `None` where there is no such rule, so the row is corrupt.
    pub const fn from_code(code: u8) -> Option<Self> {
        let touch = match code & 0b11 {
            0 => Touch::None,
            1 => Touch::Structure,
            2 => Touch::Content,
            _ => Touch::Derived,
        };
        let lock = if code & 0b100 == 0 { Lock::Family } else { Lock::Own };
        let on_delete = match code >> 3 & 0b11 {
            0 => OnDelete::Restrict,
            1 => OnDelete::Cascade,
            2 => OnDelete::Detach,
            _ => return None,
        };
        let derives = match code >> 5 {
            0 => Derives::Nothing,
            1 => Derives::Fields,
            _ => return None,
        };
        Some(Self { touch, lock, on_delete, derives })
    }
}

/// What a child's write does to its parent's tag (rule F2). A touched parent's own parents are touched where its links say
/// [`Content`](Self::Content).
///
/// ```
/// # use etag_core::*;
/// # #[derive(Versioned)]
/// # #[versioned(collection = "boards", validator = revision)]
/// # struct Board { #[versioned(id)] id: u64 }
/// #[derive(Versioned)]
/// #[versioned(collection = "tasks", validator = revision)]
/// struct Task {
///     #[versioned(id)]
///     id: u64,
///     #[versioned(parent(Board, touch = none))]
///     board_id: u64,
/// }
/// assert_eq!(Task::MODEL.links[0].rule.touch, Touch::None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Touch {
    /// Nothing: the two have separate lives.
    None,
    /// A create, a delete or a move of the child changes it.
    Structure,
    /// Every change of the child changes it.
    Content,
    /// A change of the child changes it where it changes what the parent derives from the child ([`Derives::Fields`]), and so
    /// what the parent says.
    Derived,
}

/// Whether a touch makes a parent's editors stale (rule F5).
///
/// ```
/// # use etag_core::*;
/// # #[derive(Versioned)]
/// # #[versioned(collection = "boards", validator = revision)]
/// # struct Board { #[versioned(id)] id: u64 }
/// # #[derive(Versioned)]
/// # #[versioned(collection = "tasks", validator = revision)]
/// # struct Task { #[versioned(id)] id: u64, #[versioned(parent(Board, touch = none))] board_id: u64 }
/// assert_eq!(Task::MODEL.links[0].rule.lock, Lock::Family); // unless the author chose otherwise
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Lock {
    /// It does: a tag of the parent is good for a write until a child changes.
    Family,
    /// It does not: the touch changes a part of the tag that writes of the parent's content don't compare. Deletes and
    /// caches compare all of it.
    Own,
}

/// What a delete of a parent does to a child (rule F6).
///
/// ```
/// # use etag_core::*;
/// # #[derive(Versioned)]
/// # #[versioned(collection = "boards", validator = revision)]
/// # struct Board { #[versioned(id)] id: u64 }
/// # #[derive(Versioned)]
/// # #[versioned(collection = "tasks", validator = revision)]
/// # struct Task { #[versioned(id)] id: u64, #[versioned(parent(Board, touch = none))] board_id: u64 }
/// assert_eq!(Task::MODEL.links[0].rule.on_delete, OnDelete::Restrict); // unless the author chose otherwise
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum OnDelete {
    /// The parent can't be deleted while the child is there.
    Restrict,
    /// The child goes, too.
    Cascade,
    /// The child stays, without this parent.
    Detach,
}

/// Whether fields of a parent follow a child (rule F5).
///
/// ```
/// # use etag_core::*;
/// # #[derive(Versioned)]
/// # #[versioned(collection = "boards", validator = revision)]
/// # struct Board { #[versioned(id)] id: u64 }
/// # #[derive(Versioned)]
/// # #[versioned(collection = "tasks", validator = revision)]
/// # struct Task { #[versioned(id)] id: u64, #[versioned(parent(Board, touch = none))] board_id: u64 }
/// assert_eq!(Task::MODEL.links[0].rule.derives, Derives::Nothing); // unless the author gave a function
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Derives {
    /// None does.
    Nothing,
    /// [`Link::derive`] says which and how. The link's touch is [`Touch::Content`] or [`Touch::Derived`], so that each
    /// change of a field shows in the parent's tag.
    Fields,
}
