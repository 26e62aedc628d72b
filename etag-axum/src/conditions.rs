//! What the preconditions of a write demand of the store.

use etag_core::{
    Comparison, Conflict, Current, ETag, EntityTags, Expectation, FailedHeader, Field, Head, Key, LastModified,
    Malformed, MethodKind, Model, Preconditions, Strength, TagPart, Verdict, whole_seconds,
};

use crate::resource::Policy;

/// The preconditions of a request, and how its resource reads them.
#[derive(Debug)]
pub(crate) struct Conditions {
    pub(crate) preconditions: Preconditions,
    pub(crate) comparison: Comparison,
    pub(crate) policy: Policy,
    pub(crate) model: &'static Model,
}

/// Who compares.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// The store alone, in its commit: no read is needed before.
    InCommit(Expectation),
    /// We, with a state that is read first; the store then sees to it that this state is still there.
    OnState,
}

/// Why a write may not be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unmet {
    /// A field can't be read.
    Malformed(Malformed),
    /// There is no condition where one is needed.
    Missing,
    /// This condition does not hold.
    Failed(FailedHeader),
}

impl Conditions {
    /// The field for which a write is refused whatever the state.
    pub(crate) fn malformed(&self) -> Option<Malformed> {
        self.preconditions.if_match.malformed().or(self.preconditions.if_none_match.malformed())
    }

    /// How a PUT compares. Malformed conditions are answered before.
    pub(crate) fn plan_replace(&self) -> Plan {
        match (&self.preconditions.if_match, &self.preconditions.if_none_match) {
            (Field::Valid(tags), Field::Absent) => self.plan_if_match(tags),
            // A date is ignored where there is no state (RFC 9110 §13.1.4), and where there is one this fails.
            (Field::Absent, Field::Valid(EntityTags::Any)) => Plan::InCommit(Expectation::Absent),
            (Field::Absent, Field::Absent) if self.has_no_date() => Plan::InCommit(match self.policy {
                // A PUT that names no state may create one and replace none (rule P5).
                Policy::Required => Expectation::Absent,
                Policy::Optional => Expectation::Unconditional,
            }),
            _ => Plan::OnState,
        }
    }

    /// How a DELETE compares.
    pub(crate) fn plan_delete(&self) -> Plan {
        match (&self.preconditions.if_match, &self.preconditions.if_none_match) {
            (Field::Valid(tags), Field::Absent) => self.plan_if_match(tags),
            (Field::Absent, Field::Absent) if self.has_no_date() && self.policy == Policy::Optional => {
                Plan::InCommit(Expectation::Unconditional)
            }
            _ => Plan::OnState,
        }
    }

    fn plan_if_match(&self, tags: &EntityTags) -> Plan {
        match tags {
            EntityTags::Any => Plan::InCommit(Expectation::Exists),
            // Tags that can't match are no condition (rule P5), and what is answered then depends on the state.
            EntityTags::List(_) if self.guards_nothing() => Plan::OnState,
            EntityTags::List(tags) => Plan::InCommit(self.model.expect_any(tags, self.comparison)),
        }
    }

    fn guards_nothing(&self) -> bool {
        !self.preconditions.guards_write(&Current::Absent, self.comparison).is_some()
    }

    fn has_no_date(&self) -> bool {
        self.preconditions.if_unmodified_since.is_none()
    }

    /// Whether a write may be done to a state, in the order of rule P3. It compares `part` of the tags (rule F5).
    pub(crate) fn check_write(&self, state: Option<&Head>, part: TagPart) -> Result<(), Unmet> {
        match part {
            TagPart::Whole => self.check_tag(state, state.map(|head| self.model.publish(&head.tag)).as_ref()),
            TagPart::Own => {
                let etag = state.map(|head| self.model.publish(&head.tag.own_part()));
                self.of_own_parts().check_tag(state, etag.as_ref())
            }
        }
    }

    /// The same about the own parts of the tags that are named.
    fn of_own_parts(&self) -> Self {
        let own = |field: &Field<EntityTags>| match field {
            Field::Valid(EntityTags::List(tags)) => {
                Field::Valid(EntityTags::List(tags.iter().map(|tag| self.model.own_part(tag)).collect()))
            }
            field => field.clone(),
        };
        let Preconditions { if_match, if_none_match, .. } = &self.preconditions;
        let preconditions =
            Preconditions { if_match: own(if_match), if_none_match: own(if_none_match), ..self.preconditions.clone() };
        Self { preconditions, ..*self }
    }

    fn check_tag(&self, state: Option<&Head>, etag: Option<&ETag>) -> Result<(), Unmet> {
        let current = current(state, etag);
        if let Some(malformed) = self.malformed() {
            return Err(Unmet::Malformed(malformed));
        }
        let needs_guard = self.policy == Policy::Required && state.is_some();
        if needs_guard && !self.preconditions.guards_write(&current, self.comparison).is_some() {
            return Err(Unmet::Missing);
        }
        match self.preconditions.evaluate_with(&current, MethodKind::Write, self.comparison) {
            Verdict::Malformed(malformed) => Err(Unmet::Malformed(malformed)),
            Verdict::Failed(header) => Err(Unmet::Failed(header)),
            Verdict::Proceed | Verdict::NotModified => Ok(()),
        }
    }

    /// What a read of a state answers, whose tag the world sees as `etag`.
    pub(crate) fn check_read(&self, state: &Head, etag: &ETag) -> Verdict {
        let current = current(Some(state), Some(etag));
        let verdict = self.preconditions.evaluate_with(&current, MethodKind::Read, self.comparison);
        if verdict == Verdict::NotModified && self.may_know_another_state_by_date(state) {
            return Verdict::Proceed;
        }
        verdict
    }

    /// Whether only a date says that the client knows the state, the date of a second that another state shares: it may
    /// know that one, and rather a needless body than a stale copy called fresh (RFC 9110 §8.8.2.2).
    fn may_know_another_state_by_date(&self, state: &Head) -> bool {
        let date = self.preconditions.if_modified_since.filter(|_| self.preconditions.if_none_match.is_absent());
        let is_shared = state.date_strength == Strength::Weak;
        is_shared && date.is_some_and(|date| whole_seconds(date) == whole_seconds(state.modified_at))
    }

    /// What a read of a page with this tag answers.
    pub(crate) fn check_page(&self, etag: &ETag) -> Verdict {
        self.preconditions.evaluate_with(&Current::tagged(etag), MethodKind::Read, self.comparison)
    }

    /// Why a write was not done whose expectation met another state.
    pub(crate) fn why_not_met(&self) -> Unmet {
        match (&self.preconditions.if_match, &self.preconditions.if_none_match) {
            (Field::Valid(_), _) => Unmet::Failed(FailedHeader::IfMatch),
            (_, Field::Valid(_)) => Unmet::Failed(FailedHeader::IfNoneMatch),
            _ => Unmet::Missing,
        }
    }

    /// What became of the resource since the client knew it, where the request tells what it knew.
    pub(crate) fn history(&self, key: &Key, met: Option<&Head>) -> &'static str {
        let demanded = match &self.preconditions.if_match {
            Field::Valid(EntityTags::List(tags)) => self.model.expect_any(tags, self.comparison),
            _ => Expectation::Exists,
        };
        let is_about_a_tag = demanded != Expectation::Exists;
        let conflict = Conflict::new(0, key.clone(), demanded, met.cloned());
        match met {
            None if is_about_a_tag => "deleted",
            None => "missing",
            Some(_) if conflict.is_about_a_former_resource() => "re-created",
            Some(_) if is_about_a_tag || self.preconditions.if_unmodified_since.is_some() => "edited",
            Some(_) => "exists",
        }
    }
}

/// A state as preconditions look at it.
fn current<'a>(state: Option<&Head>, etag: Option<&'a ETag>) -> Current<'a> {
    let Some(head) = state else { return Current::Absent };
    let last_modified = LastModified { at: head.modified_at, strength: head.date_strength };
    Current::Present { etag, last_modified: Some(last_modified) }
}

/// The demand that a state still be the one that was seen, or still be absent.
pub(crate) fn exactly(state: Option<&Head>) -> Expectation {
    state.map_or(Expectation::Absent, |head| Expectation::At(head.revision))
}

/// The same, but for touches by children that leave the state's editors alone (rule F5).
pub(crate) fn unedited(state: Option<&Head>) -> Expectation {
    state.map_or(Expectation::Absent, |head| Expectation::Unedited(head.edited))
}
