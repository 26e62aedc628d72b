//! What the cases write: small documents that say one text, with links to parents where they have some.

use std::time::Duration;

use etag_core::{
    Batch, Check, Comparison, ContentDigest, Delete, Derives, Digester, Expectation, Hold, Key, LedgerClaim, LedgerKey,
    LinkRule, Lock, OnDelete, ParentLink, Put, StoredTag, Strength, TagMatch, TagPlan, Touch,
};

/// A write of a document that says `text`, tagged by its revision.
pub(crate) fn put(key: &Key, text: &str, expectation: Expectation) -> Put {
    let body = format!("{{\"id\":{:?},\"text\":{text:?}}}", key.id());
    Put::new(key.clone(), expectation, TagPlan::Revision, digest(text), 1, body.into())
}

pub(crate) fn create(key: &Key, text: &str) -> Put {
    put(key, text, Expectation::Absent)
}

pub(crate) fn update(key: &Key, text: &str) -> Put {
    put(key, text, Expectation::Exists)
}

pub(crate) fn delete(key: &Key, expectation: Expectation) -> Delete {
    Delete::new(key.clone(), expectation)
}

pub(crate) fn check(key: &Key, expectation: Expectation) -> Check {
    Check::new(key.clone(), expectation)
}

pub(crate) fn digest(text: &str) -> ContentDigest {
    let mut digester = Digester::new();
    digester.str(text);
    digester.finish()
}

/// How a document is written otherwise than by its text.
pub(crate) trait Shape {
    /// With these parents.
    fn under(self, links: impl IntoIterator<Item = ParentLink>) -> Self;

    /// Tagged by a digest of its text.
    fn tagged_by_digest(self) -> Self;

    /// Tagged by this plan.
    fn tagged_by(self, plan: TagPlan) -> Self;
}

impl Shape for Put {
    fn under(mut self, links: impl IntoIterator<Item = ParentLink>) -> Self {
        self.parents = links.into_iter().collect();
        self
    }

    fn tagged_by_digest(self) -> Self {
        let plan = TagPlan::Digest { digest: self.content, strength: Strength::Strong };
        self.tagged_by(plan)
    }

    fn tagged_by(mut self, plan: TagPlan) -> Self {
        self.plan = plan;
        self
    }
}

/// A link by the name of the parent's kind.
pub(crate) fn link(name: &'static str, parent: &Key, rule: LinkRule) -> ParentLink {
    ParentLink { name: name.into(), parent: parent.clone(), rule, hold: Hold::Held }
}

/// What links say unless their authors chose otherwise.
pub(crate) const CONTENT: LinkRule =
    LinkRule { touch: Touch::Content, lock: Lock::Family, on_delete: OnDelete::Restrict, derives: Derives::Nothing };
pub(crate) const STRUCTURE: LinkRule = LinkRule { touch: Touch::Structure, ..CONTENT };
pub(crate) const APART: LinkRule = LinkRule { touch: Touch::None, ..CONTENT };
pub(crate) const OWN_LOCK: LinkRule = LinkRule { lock: Lock::Own, ..CONTENT };
pub(crate) const CASCADE: LinkRule = LinkRule { on_delete: OnDelete::Cascade, ..CONTENT };
pub(crate) const DETACH: LinkRule = LinkRule { on_delete: OnDelete::Detach, ..CONTENT };

pub(crate) fn matching(tag: &StoredTag) -> Expectation {
    Expectation::matches(tag.clone())
}

pub(crate) fn matching_any(tags: &[&StoredTag], comparison: Comparison) -> Expectation {
    Expectation::Matches(TagMatch { tags: tags.iter().copied().cloned().collect(), comparison })
}

/// The same tag, weak.
pub(crate) fn weakened(tag: &StoredTag) -> StoredTag {
    let wire = [b"W/", tag.as_bytes()].concat();
    StoredTag::from_bytes(&wire).expect("a strong tag behind the mark of weak ones is a tag")
}

/// A claim that is kept for a day: longer than any case lets pass.
pub(crate) fn claim(key: &LedgerKey, request: &str) -> LedgerClaim {
    LedgerClaim { key: key.clone(), fingerprint: digest(request), keep_for: Duration::from_secs(24 * 3600) }
}

/// One item by itself is a batch.
pub(crate) trait IntoBatch {
    fn into_batch(self) -> Batch;
}

impl IntoBatch for Batch {
    fn into_batch(self) -> Batch {
        self
    }
}

macro_rules! items_are_batches {
    ($($item:ty),*) => {$(
        impl IntoBatch for $item {
            fn into_batch(self) -> Batch {
                Batch::new().with(self)
            }
        }
    )*};
}

items_are_batches!(Put, Delete, Check);
