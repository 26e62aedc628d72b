//! Tags of states that a child's write has touched (rules T4, F2, F5).
//!
//! A tag has up to three parts: what its model's validator gives, `+` and a count of the touches that make editors stale
//! (only behind a digest, which would not change by itself), and `:` and a count of those that don't. A count is the
//! revision that the touch drew, so that it never comes again.

use std::time::SystemTime;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use smallvec::SmallVec;

use crate::{
    ETag, Lock, Revision, StoredTag,
    validator::{revision_tag, time_tag},
};

/// The parts of a tag that was made here; of any other tag all is its own.
pub(crate) struct Parts<'a> {
    pub(crate) own: &'a [u8],
    pub(crate) locking: &'a [u8],
    pub(crate) free: &'a [u8],
}

impl<'a> Parts<'a> {
    pub(crate) fn of(tag: &'a ETag) -> Self {
        let opaque = tag.opaque();
        let (rest, free) = split(opaque, b':');
        let (own, locking) = split(rest, b'+');
        if is_made_here(own) { Self { own, locking, free } } else { Self { own: opaque, locking: b"", free: b"" } }
    }
}

/// What stands before a count behind this mark, and the count with its mark.
fn split(opaque: &[u8], mark: u8) -> (&[u8], &[u8]) {
    match opaque.iter().rposition(|&byte| byte == mark) {
        Some(at) if is_count(&opaque[at + 1..]) => opaque.split_at(at),
        _ => (opaque, b""),
    }
}

fn is_count(text: &[u8]) -> bool {
    (EPOCH_LEN + 1..=EPOCH_LEN + MOST_DIGITS).contains(&text.len()) && text.iter().all(|byte| DIGITS.contains(byte))
}

fn is_made_here(own: &[u8]) -> bool {
    let Some((kind, rest)) = own.split_first_chunk::<2>() else { return false };
    match kind {
        b"r." => rest.get(EPOCH_LEN) == Some(&b'.'),
        b"d." => rest.len() == 22,
        b"m." => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

impl StoredTag {
    /// The tag of the same content after a touch; `None` for a tag that some other server gave.
    pub(crate) fn touched(&self, lock: Lock, revision: Revision, modified_at: SystemTime) -> Option<Self> {
        let Parts { own, locking, .. } = Parts::of(&self.0);
        let strength = self.0.strength();
        match (own.get(..2)?, lock) {
            _ if !is_made_here(own) => None,
            (b"r.", Lock::Family) => Some(revision_tag(revision)),
            (b"m.", Lock::Family) => Some(time_tag(modified_at)),
            (_, Lock::Family) => Some(Self(ETag::from_parts(strength, &[own, b"+", &count(revision)]))),
            (_, Lock::Own) => Some(Self(ETag::from_parts(strength, &[own, locking, b":", &count(revision)]))),
        }
    }

    /// The tag of a state that was written as `revision` and touched at once; `None` where its own part is new by itself.
    pub(crate) fn counted(&self, revision: Revision) -> Option<Self> {
        let own = Parts::of(&self.0).own;
        let is_digest = own.starts_with(b"d.") && is_made_here(own);
        is_digest.then(|| Self(ETag::from_parts(self.0.strength(), &[own, b"+", &count(revision)])))
    }

    /// The same tag with the counts of `before`.
    pub(crate) fn with_counts_of(self, before: &Self) -> Self {
        let Parts { locking, free, .. } = Parts::of(&before.0);
        if locking.is_empty() && free.is_empty() {
            return self;
        }
        Self(ETag::from_parts(self.0.strength(), &[self.0.opaque(), locking, free]))
    }

    /// Whether this is `plain` with any counts.
    pub(crate) fn is_made_of(&self, plain: &Self) -> bool {
        self.0.strength() == plain.0.strength() && Parts::of(&self.0).own == plain.0.opaque()
    }
}

const EPOCH_LEN: usize = 8;
const MOST_DIGITS: usize = 11;

/// The digits of base64url: six bits in a character keep the tags short enough to cost no allocation.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn count(revision: Revision) -> SmallVec<[u8; EPOCH_LEN + MOST_DIGITS]> {
    let mut text = SmallVec::from_slice(&[0; EPOCH_LEN]);
    URL_SAFE_NO_PAD
        .encode_slice(revision.epoch().to_bytes(), &mut text)
        .expect("6 bytes are 8 characters of base64url");
    let mut rest = revision.sequence();
    while text.len() == EPOCH_LEN || rest > 0 {
        text.insert(EPOCH_LEN, DIGITS[(rest % 64) as usize]);
        rest /= 64;
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::{ContentDigest, Epoch, Strength, TagPlan};

    fn revision(sequence: u64) -> Revision {
        Revision::new(Epoch::from_bytes([7; 6]), sequence)
    }

    fn digest() -> TagPlan {
        TagPlan::Digest { digest: ContentDigest::from_bytes([1; 16]), strength: Strength::Strong }
    }

    fn every_plan() -> [TagPlan; 3] {
        [TagPlan::Revision, digest(), TagPlan::LastModified]
    }

    #[test]
    fn a_locking_touch_changes_the_own_part_and_a_free_one_does_not() {
        let (then, later) = (UNIX_EPOCH + Duration::from_secs(1), UNIX_EPOCH + Duration::from_secs(2));
        for plan in every_plan() {
            let tag = plan.tag(revision(1), then);
            let free = tag.touched(Lock::Own, revision(2), later).unwrap();
            let locking = tag.touched(Lock::Family, revision(2), later).unwrap();
            assert_ne!(free, tag, "{plan:?}");
            assert_eq!(free.own_part(), tag, "{plan:?}");
            assert_ne!(locking.own_part(), tag, "{plan:?}");
        }
    }

    #[test]
    fn every_touch_gives_another_tag() {
        for plan in every_plan() {
            let mut tags = vec![plan.tag(revision(1), UNIX_EPOCH)];
            for step in 2..40 {
                let lock = if step % 3 == 0 { Lock::Family } else { Lock::Own };
                let touched =
                    tags[tags.len() - 1].touched(lock, revision(step), UNIX_EPOCH + Duration::from_secs(step));
                let touched = touched.unwrap();
                assert!(!tags.contains(&touched), "{touched:?}");
                tags.push(touched);
            }
        }
    }

    #[test]
    fn a_digest_that_comes_again_keeps_its_counts() {
        let tag = digest().tag(revision(1), UNIX_EPOCH).touched(Lock::Family, revision(2), UNIX_EPOCH).unwrap();
        let again = digest().tag_after(&tag, revision(3), UNIX_EPOCH);
        assert_eq!(again, tag);
        assert!(digest().keeps(&tag));
    }

    #[test]
    fn foreign_tags_have_no_parts() {
        for text in ["r1.AAAAAAAA.42:AAAAAAAAB", "a:b", "x+AAAAAAAAB", "d.short:AAAAAAAAB", "r", ""] {
            let tag = StoredTag(ETag::strong(text).unwrap());
            assert_eq!(tag.own_part(), tag);
            assert_eq!(tag.touched(Lock::Own, revision(2), UNIX_EPOCH), None, "{text}");
        }
    }

    #[test]
    fn a_touched_revision_tag_still_tells_its_revision() {
        let tag = TagPlan::Revision.tag(revision(41), UNIX_EPOCH);
        assert_eq!(tag.touched(Lock::Own, revision(42), UNIX_EPOCH).unwrap().revision(), Some(revision(41)));
    }
}
