//! Whether a write goes on, decided from the dialect, the conditions and the state alone.

use super::{BothConditions, Dialect, Named, Refusal, RefusalKind, Stale, TagOfAbsent, Wildcard};
use crate::{
    Comparison, Current, ETag, EntityTags, FailedHeader, Field, Head, LastModified, MethodKind, Model, Preconditions,
    Revision, StoredTag, Verdict,
};

/// What a write does.
///
/// ```
/// use etag_core::WriteKind;
///
/// assert_ne!(WriteKind::Replace, WriteKind::Update);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WriteKind {
    /// It makes a resource, and replaces none.
    Create,
    /// It gives all of a resource, and may make it.
    Replace,
    /// It changes some of a resource.
    Update,
    /// It removes a resource.
    Delete,
    /// It does something else to a resource.
    Action,
}

/// What a write does, as far as the dialect has to know.
#[derive(Clone, Copy, Debug)]
pub struct WriteIntent<'a> {
    /// What it does.
    pub kind: WriteKind,
    /// The paths that it changes, as a change log has them.
    pub changes: &'a [String],
}

/// What changed since the state that a stale tag names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangesSince<'a> {
    /// The store was not asked yet.
    NotAsked,
    /// The change log does not go back so far, or there is none.
    Forgotten,
    /// These paths, and no other.
    Known(&'a [String]),
}

/// Whether a write goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It does, on the state that was looked at.
    Proceed,
    /// It does not.
    Refuse(Refusal),
    /// It depends on what changed since this state: ask the store, and judge again.
    AskChangesSince(StoredTag),
}

impl Dialect {
    /// The conditions in the headers of a request; none where the dialect has them in bodies.
    #[cfg(feature = "http")]
    pub fn preconditions(&self, headers: &http::HeaderMap, limits: &crate::TagLimits) -> Preconditions {
        if let super::ConditionPlacement::Member(_) = self.condition_placement {
            return Preconditions::none();
        }
        let Some(none) = self.no_condition else { return Preconditions::from_headers(headers, limits) };
        Preconditions::from_lines(limits, |name| {
            let lines = headers.get_all(name).iter().map(http::HeaderValue::as_bytes);
            lines.filter(|line| !none.has(name, line)).collect::<Vec<_>>()
        })
    }

    /// Whether a write goes on, of a resource in `state`.
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let note = MemoryStore::new().create(&Note { id: "1".into(), text: "milk".into() }).await?;
    /// let intent = WriteIntent { kind: WriteKind::Update, changes: &[] };
    /// let judge = |conditions| {
    ///     Dialect::RFC_9110.judge_write(Note::MODEL, &conditions, intent, Some(note.head()), ChangesSince::NotAsked)
    /// };
    /// assert_eq!(judge(Preconditions::none().with_if_match(note.etag().clone())), Judgement::Proceed);
    /// let missing = Refusal::new(RefusalKind::ConditionMissing);
    /// assert_eq!(judge(Preconditions::none()), Judgement::Refuse(missing));
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    pub fn judge_write(
        &self,
        model: &Model,
        conditions: &Preconditions,
        intent: WriteIntent<'_>,
        state: Option<&Head>,
        since: ChangesSince<'_>,
    ) -> Judgement {
        if let Some(refusal) = self.fault_of(conditions) {
            return Judgement::Refuse(refusal);
        }
        let etag = state.map(|head| self.codec.encode(model, head));
        let current = current(state, etag.as_ref());
        if self.wildcard == Wildcard::LastOneWins && conditions.if_match == Field::Valid(EntityTags::Any) {
            return judge_exclusion(conditions, &current);
        }
        if !conditions.guards_write(&current, self.comparison).is_some()
            && let Err(refusal) = self.missing.judge(intent.kind, state)
        {
            return Judgement::Refuse(refusal);
        }
        match conditions.evaluate_with(&current, MethodKind::Write, self.comparison) {
            Verdict::Proceed | Verdict::NotModified => Judgement::Proceed,
            Verdict::Malformed(malformed) => Judgement::Refuse(malformed.into()),
            Verdict::Failed(FailedHeader::IfNoneMatch) => Judgement::Refuse(Refusal::new(RefusalKind::Exists)),
            Verdict::Failed(FailedHeader::IfUnmodifiedSince) => Judgement::Refuse(Refusal::new(RefusalKind::Stale)),
            Verdict::Failed(FailedHeader::IfMatch) => self.judge_stale(model, conditions, intent, state, since),
        }
    }

    /// What is wrong with conditions in whatever state the resource is.
    fn fault_of(&self, conditions: &Preconditions) -> Option<Refusal> {
        let malformed = conditions.if_match.malformed().or(conditions.if_none_match.malformed());
        if let Some(malformed) = malformed {
            return Some(malformed.into());
        }
        let has_both = conditions.if_match.valid().is_some() && conditions.if_none_match.valid().is_some();
        if has_both && self.both_conditions == BothConditions::Refused {
            let refusal = Refusal::new(RefusalKind::ConditionMalformed);
            return Some(refusal.saying("send If-Match or If-None-Match, not both"));
        }
        let is_wildcard = conditions.if_match == Field::Valid(EntityTags::Any);
        (is_wildcard && self.wildcard == Wildcard::Refused).then(|| Refusal::new(RefusalKind::WildcardRefused))
    }

    fn judge_stale(
        &self,
        model: &Model,
        conditions: &Preconditions,
        intent: WriteIntent<'_>,
        state: Option<&Head>,
        since: ChangesSince<'_>,
    ) -> Judgement {
        let Some(head) = state else {
            return Judgement::Refuse(Refusal::new(match self.tag_of_absent {
                TagOfAbsent::Mismatch => RefusalKind::Stale,
                TagOfAbsent::NotFound => RefusalKind::NotFound,
            }));
        };
        let goes_on = || judge_exclusion(conditions, &current(state, Some(&self.codec.encode(model, head))));
        if self.names_current(model, conditions, head) {
            return goes_on();
        }
        let named = self.named(model, conditions, head);
        if let (Named::State(tag), ChangesSince::NotAsked) = (&named, since)
            && self.mismatch.wants_changes(intent.kind)
        {
            return Judgement::AskChangesSince(tag.clone());
        }
        let outdated = Stale { write: intent.kind, changes: intent.changes, named: &named, since };
        self.mismatch.judge(&outdated).map_or_else(Judgement::Refuse, |()| goes_on())
    }

    /// Whether one of the condition's tags spells that of the current state in another way, and may match at all: under the
    /// strong comparison a weak one never does.
    fn names_current(&self, model: &Model, conditions: &Preconditions, head: &Head) -> bool {
        let Some(EntityTags::List(tags)) = conditions.if_match.valid() else { return false };
        tags.iter().any(|tag| self.comparison.accepts(tag) && self.codec.is_current(model, head, tag))
    }

    /// What the one tag of a condition names. A state later than the present one never was: nothing would have changed since.
    fn named(&self, model: &Model, conditions: &Preconditions, head: &Head) -> Named {
        let named = match conditions.if_match.valid() {
            Some(EntityTags::List(tags)) if tags.len() == 1 => self.codec.decode(model, head, &tags[0]),
            _ => Named::Unknown,
        };
        match named {
            Named::State(tag) if tag.revision().is_some_and(|revision| is_later(revision, head)) => Named::Unknown,
            named => named,
        }
    }

    /// What the conditions of a read say of what would be answered, by its tag alone (RFC 9110 §13.2.2): that which the
    /// codec gives the state, or what was selected of it, or a list.
    ///
    /// ```
    /// use etag_core::{Dialect, ETag, EntityTags, Preconditions, Verdict};
    ///
    /// let known = Preconditions::none().with_if_none_match(EntityTags::from(ETag::strong("7")?));
    /// assert_eq!(Dialect::RFC_9110.judge_read(&known, &ETag::strong("7")?), Verdict::NotModified);
    /// assert_eq!(Dialect::RFC_9110.judge_read(&known, &ETag::strong("8")?), Verdict::Proceed);
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    pub fn judge_read(&self, conditions: &Preconditions, etag: &ETag) -> Verdict {
        conditions.evaluate_with(&Current::tagged(etag), MethodKind::Read, self.comparison)
    }
}

/// It goes on, but for what `If-None-Match` excludes.
fn judge_exclusion(conditions: &Preconditions, current: &Current<'_>) -> Judgement {
    let is_excluded = conditions.if_none_match.valid().is_some_and(|tags| current.is_among(tags, Comparison::Weak));
    if is_excluded { Judgement::Refuse(Refusal::new(RefusalKind::Exists)) } else { Judgement::Proceed }
}

fn is_later(revision: Revision, head: &Head) -> bool {
    revision.epoch() == head.revision.epoch() && revision.sequence() > head.revision.sequence()
}

fn current<'a>(state: Option<&Head>, etag: Option<&'a ETag>) -> Current<'a> {
    let Some(head) = state else { return Current::Absent };
    let last_modified = LastModified { at: head.modified_at, strength: head.date_strength };
    Current::Present { etag, last_modified: Some(last_modified) }
}

#[cfg(test)]
mod tests;
