//! What an item stands on: the state that it was decided on, and what it demands of the one that the commit finds.

use etag_core::{EntityTags, Expectation, Field, Key, Row, Verdict};

use super::states::View;
use crate::{
    authorize::Action,
    call::{Call, Seen},
    conditions::{Conditions, Plan, Unmet, exactly, unedited},
    problem::{Problem, ProblemKind},
};

/// Who decided that an item may be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Basis {
    /// The store will, by what the client demands.
    Conditions,
    /// We did, on a state that was read; where another one is found it is decided again.
    State,
    /// It builds on what an earlier item leaves.
    Earlier,
    /// Nobody needs to: it creates a resource under an id that was made up.
    NewId,
}

/// What an item stands on.
#[derive(Debug)]
pub(super) struct Ground {
    pub(super) expectation: Expectation,
    pub(super) basis: Basis,
    /// The state, where something wanted to see it.
    pub(super) seen: Option<Seen>,
}

/// How much of the state has to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needs {
    Nothing,
    /// All that conditions are about.
    State,
    /// The document, too.
    Document,
}

/// The resource of an item.
pub(super) struct Site<'s> {
    pub(super) key: &'s Key,
    pub(super) view: View,
    /// The index of the item that wrote it last.
    pub(super) writer: Option<usize>,
    /// The index of the item whose tag is the condition.
    pub(super) if_match: Option<usize>,
}

/// The state that an item is decided on.
pub(super) enum Looked {
    /// None: the store compares what it finds with this.
    Unread(Expectation),
    /// The stored one.
    Stored(Option<Seen>),
    /// What an earlier item leaves.
    Written(Seen),
    /// None, after an earlier item.
    Deleted,
}

impl Looked {
    pub(super) fn seen(&self) -> Option<&Seen> {
        match self {
            Self::Stored(seen) => seen.as_ref(),
            Self::Written(seen) => Some(seen),
            Self::Unread(_) | Self::Deleted => None,
        }
    }
}

impl Site<'_> {
    /// Looks at the state, as far as it has to be seen, after the hook that sees values has let the request see it.
    pub(super) async fn look(&self, call: &Call<'_>, needs: Needs) -> Result<Looked, Problem> {
        let model = &call.endpoint.model;
        match &self.view {
            View::Stored | View::Unknown => self.look_at_stored(call, needs).await,
            View::Written(row) => {
                model.judge(&call.principal, call.action, Some(row), None)?;
                Ok(Looked::Written(Seen::of_row(Row::clone(row))))
            }
            View::Deleted => {
                model.judge(&call.principal, call.action, None, None)?;
                Ok(Looked::Deleted)
            }
        }
    }

    async fn look_at_stored(&self, call: &Call<'_>, needs: Needs) -> Result<Looked, Problem> {
        match (needs, self.plan(call)) {
            (Needs::Document, _) => Ok(Looked::Stored(call.look_at_row(self.key).await?.map(Seen::of_row))),
            // What comes to be with it depends on whether it comes to be.
            (Needs::Nothing, Plan::InCommit(Expectation::Unconditional)) if call.has_companions() => {
                Ok(Looked::Stored(call.look(self.key).await?))
            }
            (Needs::Nothing, Plan::InCommit(expectation)) if !call.endpoint.model.judges_values() => {
                Ok(Looked::Unread(expectation))
            }
            (Needs::Nothing | Needs::State, _) => Ok(Looked::Stored(call.look(self.key).await?)),
        }
    }

    /// Decides what can be decided before the commit.
    pub(super) async fn decide(&self, call: &Call<'_>, looked: Looked) -> Result<Ground, Problem> {
        let (expectation, basis) = match &looked {
            Looked::Unread(expectation) => (expectation.clone(), Basis::Conditions),
            Looked::Stored(seen) => {
                self.demand(call, seen.as_ref()).await?;
                (still(call.action, seen.as_ref()), Basis::State)
            }
            Looked::Written(_) => (self.on_written(call).await?, Basis::Earlier),
            Looked::Deleted => (self.on_deleted(call).await?, Basis::Earlier),
        };
        let seen = match looked {
            Looked::Stored(seen) => seen,
            Looked::Written(seen) => Some(seen),
            Looked::Unread(_) | Looked::Deleted => None,
        };
        Ok(Ground { expectation, basis, seen })
    }

    pub(super) async fn ground(&self, call: &Call<'_>, needs: Needs) -> Result<Ground, Problem> {
        let looked = self.look(call, needs).await?;
        self.decide(call, looked).await
    }

    fn plan(&self, call: &Call<'_>) -> Plan {
        if let Some(item) = self.if_match {
            return Plan::InCommit(Expectation::LeftBy(item));
        }
        let conditions = &call.conditions;
        match call.action {
            _ if conditions.malformed().is_some() => Plan::OnState,
            Action::Read => Plan::InCommit(checked(conditions)),
            Action::Replace => conditions.plan_replace(),
            _ => conditions.plan_delete(),
        }
    }

    async fn demand(&self, call: &Call<'_>, seen: Option<&Seen>) -> Result<(), Problem> {
        if seen.is_none() && call.action != Action::Replace {
            return Err(Problem::not_found());
        }
        match (call.action, seen) {
            // The state is the one that an earlier item checked, in the same commit.
            _ if self.if_match.is_some() => Ok(()),
            (Action::Read, Some(seen)) => demand_checked(call, self.key, seen).await,
            _ => call.demand(self.key, seen).await,
        }
    }

    /// What is left by an earlier item has a tag that only the commit knows, so only the commit compares it.
    async fn on_written(&self, call: &Call<'_>) -> Result<Expectation, Problem> {
        match (self.plan(call), self.writer) {
            (Plan::InCommit(Expectation::Exists | Expectation::Unconditional), Some(writer)) => {
                Ok(Expectation::LeftBy(writer))
            }
            (Plan::InCommit(expectation), _) => Ok(expectation),
            (Plan::OnState, _) => Err(self.undecidable(call).await),
        }
    }

    async fn undecidable(&self, call: &Call<'_>) -> Problem {
        let conditions = &call.conditions;
        if let Some(malformed) = conditions.malformed() {
            return call.refusal(self.key, Unmet::Malformed(malformed), None).await;
        }
        if conditions.preconditions.is_empty() {
            return call.refusal(self.key, Unmet::Missing, None).await;
        }
        let detail = "an earlier item of the batch writes the resource, whose tag and date are not known before; send \
                      If-Match with `$name.etag`, the tag that the item leaves";
        Problem::new(ProblemKind::MalformedCondition, detail)
    }

    async fn on_deleted(&self, call: &Call<'_>) -> Result<Expectation, Problem> {
        if let Some(item) = self.if_match {
            return Ok(Expectation::LeftBy(item));
        }
        self.demand(call, None).await?;
        Ok(Expectation::Absent)
    }
}

/// The demand that the state be the one that was seen.
fn still(action: Action, seen: Option<&Seen>) -> Expectation {
    let head = seen.map(|seen| &seen.head);
    if matches!(action, Action::Replace | Action::Patch) { unedited(head) } else { exactly(head) }
}

/// What a condition without a write demands.
fn checked(conditions: &Conditions) -> Expectation {
    match &conditions.preconditions.if_match {
        Field::Valid(EntityTags::List(tags)) => conditions.model.expect_any(tags, conditions.comparison),
        _ => Expectation::Exists,
    }
}

async fn demand_checked(call: &Call<'_>, key: &Key, seen: &Seen) -> Result<(), Problem> {
    let unmet = match call.conditions.check_read(&seen.head, &call.endpoint.etag(&seen.head)) {
        Verdict::Proceed | Verdict::NotModified => return Ok(()),
        Verdict::Failed(header) => Unmet::Failed(header),
        Verdict::Malformed(malformed) => Unmet::Malformed(malformed),
    };
    Err(call.refusal(key, unmet, Some(seen)).await)
}
