//! Which parents a resource has.

use std::{borrow::Cow, sync::Arc};

use crate::{Key, LinkRule};

/// The parents of one resource, as a store keeps them beside its document. Cloning is cheap.
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
/// let parents = Task { id: 7, board_id: Some(1) }.parents();
/// assert_eq!(parents.of_link("board"), Some(&Key::new("boards", "1")));
/// assert!(Task { id: 7, board_id: None }.parents().is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parents(Option<Arc<[ParentLink]>>);

impl Parents {
    /// Of a resource that has none.
    pub const NONE: Self = Self(None);

    /// Every link that names a parent, or did until the parent went, in the order of the model's links.
    pub fn links(&self) -> &[ParentLink] {
        self.0.as_deref().unwrap_or_default()
    }

    /// The links that name a parent.
    pub fn held(&self) -> impl Iterator<Item = &ParentLink> {
        self.links().iter().filter(|link| link.hold == Hold::Held)
    }

    /// The parent that the link with this name names.
    pub fn of_link(&self, name: &str) -> Option<&Key> {
        self.held().find(|link| link.name == name).map(|link| &link.parent)
    }

    /// Whether no link names a parent, nor did.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Whether a link was cleared by the delete of its parent, so that the document names one that is gone.
    pub fn is_any_detached(&self) -> bool {
        self.links().iter().any(|link| link.hold == Hold::Detached)
    }

    /// The same, under other rules: for a service whose rules are chosen when it is started, and not in its models.
    ///
    /// ```
    /// use etag_core::{LinkRule, OnDelete, Put};
    ///
    /// /// Has what is written keep its parents from being deleted.
    /// fn restrict(put: &mut Put) {
    ///     put.parents = put.parents.with_rules(|link| LinkRule { on_delete: OnDelete::Restrict, ..link.rule });
    /// }
    /// ```
    #[must_use]
    pub fn with_rules(&self, rule: impl Fn(&ParentLink) -> LinkRule) -> Self {
        self.links().iter().map(|link| ParentLink { rule: rule(link), ..link.clone() }).collect()
    }

    /// The same, with every link to `parent` that the parent's delete clears cleared.
    #[must_use]
    pub(crate) fn without(&self, parent: &Key) -> Self {
        let cleared = |link: &ParentLink| {
            let hold = if link.parent == *parent { Hold::Detached } else { link.hold };
            ParentLink { hold, ..link.clone() }
        };
        self.links().iter().map(cleared).collect()
    }
}

impl FromIterator<ParentLink> for Parents {
    fn from_iter<I: IntoIterator<Item = ParentLink>>(links: I) -> Self {
        let links: Arc<[ParentLink]> = links.into_iter().collect();
        Self((!links.is_empty()).then_some(links))
    }
}

/// One link of a resource to a parent.
///
/// ```
/// use etag_core::{Derives, Hold, Key, LinkRule, Lock, OnDelete, ParentLink, Parents, Touch};
///
/// let (touch, lock, on_delete) = (Touch::Content, Lock::Family, OnDelete::Cascade);
/// let rule = LinkRule { touch, lock, on_delete, derives: Derives::Nothing };
/// let link = ParentLink { name: "task".into(), parent: Key::new("tasks", "7"), rule, hold: Hold::Held };
/// let parents: Parents = [link].into_iter().collect();
/// assert_eq!(parents.held().count(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParentLink {
    /// The link's name.
    pub name: Cow<'static, str>,
    /// The parent.
    pub parent: Key,
    /// What the two mean to each other's writes.
    pub rule: LinkRule,
    /// Whether it holds still.
    pub hold: Hold,
}

/// Whether a link holds still.
///
/// ```
/// use etag_core::{Hold, Parents};
///
/// let detached = Parents::NONE.links().iter().filter(|link| link.hold == Hold::Detached);
/// assert_eq!(detached.count(), 0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// The parent is there.
    Held,
    /// The parent was deleted, and its delete cleared the link ([`OnDelete::Detach`](crate::OnDelete::Detach)). The document
    /// still names it; what is served does not.
    Detached,
}
