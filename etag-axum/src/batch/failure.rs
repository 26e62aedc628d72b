//! What kept a batch from being done: an answer to each item.

use std::collections::HashMap;

use etag_core::{Cause, Conflict, Error, Expectation, Item, Key};

use super::{
    address::Addressed,
    answer::ItemAnswer,
    ground::Basis,
    plan::{Fate, Plan, Planned},
};
use crate::{
    authorize::Action,
    call::{Call, Seen},
    conditions::Unmet,
    endpoint::Shared,
    problem::{Problem, ProblemKind},
};

/// What a rejected commit means.
pub(super) enum Rejection {
    /// Nobody can do it as it is.
    Failed(Vec<Option<Problem>>),
    /// Somebody was faster, at this resource; what was decided on a former state is to be decided anew.
    Moved(Key),
}

/// What a conflict means to its item.
enum Verdict {
    Refused(Problem),
    Moved,
    /// An item that it builds on is to blame.
    Dependent,
}

impl Plan<'_> {
    /// What the conflicts of the commit mean, beside what was refused before it.
    pub(super) async fn rejection(mut self, items: &[Addressed<'_>], error: &Error) -> Result<Rejection, Problem> {
        let verdicts = self.verdicts(items, error).await?;
        let moved = verdicts.iter().find(|(_, verdict)| matches!(verdict, Verdict::Moved)).map(|(item, _)| *item);
        let is_refused = verdicts.iter().any(|(_, verdict)| matches!(verdict, Verdict::Refused(_)));
        if let (Some(key), true, false) = (moved.and_then(|item| items[item].key()), self.is_whole(), is_refused) {
            return Ok(Rejection::Moved(key.clone()));
        }
        for (item, verdict) in verdicts {
            if let Verdict::Refused(problem) = verdict {
                self.fates[item] = Fate::Refused(problem.within(&items[item].body_pointer()));
            }
        }
        Ok(Rejection::Failed(self.into_refused()))
    }

    /// What each conflict means to its item.
    async fn verdicts(&self, items: &[Addressed<'_>], error: &Error) -> Result<Vec<(usize, Verdict)>, Problem> {
        let mut verdicts: Vec<(usize, Verdict)> = Vec::new();
        let mut failed = self.failed(items);
        for conflict in error.conflicts() {
            let Some(&owner) = self.owners.get(conflict.item) else { continue };
            let Fate::Planned(planned) = &self.fates[owner] else { continue };
            if verdicts.last().is_some_and(|(item, _)| *item == owner) {
                // What comes to be with a resource fails as the resource itself does.
                continue;
            }
            if conflict.item != planned.place {
                return Err(Problem::internal(error));
            }
            let failed_before = |key: &Key| failed.get(key).is_some_and(|item| *item < owner);
            verdicts.push((owner, verdict(planned, self, conflict, failed_before).await?));
            if items[owner].is_write() {
                failed.entry(conflict.key.clone()).or_insert(owner);
            }
        }
        Ok(verdicts)
    }

    /// What was refused, item by item; the others are not to blame.
    pub(super) fn into_refused(self) -> Vec<Option<Problem>> {
        let refused = |fate| if let Fate::Refused(problem) = fate { Some(problem) } else { None };
        self.fates.into_iter().map(refused).collect()
    }

    /// What the items that were refused before the commit would have written, and the first that would have.
    fn failed(&self, items: &[Addressed<'_>]) -> HashMap<Key, usize> {
        let fates = self.fates.iter().zip(items).rev();
        let failed = fates.filter(|(fate, item)| item.is_write() && !matches!(fate, Fate::Planned(_)));
        failed.filter_map(|(_, item)| Some((item.key()?.clone(), item.index))).collect()
    }
}

/// 409 with an answer to each item: what was refused of it, or that it was not to blame.
pub(super) async fn failure(items: &[Addressed<'_>], refused: Vec<Option<Problem>>, shared: &Shared) -> Problem {
    let culprits = refused.iter().flatten().count();
    let mut answers = Vec::with_capacity(items.len());
    for (problem, item) in refused.into_iter().zip(items) {
        let id = item.sent.id.as_deref();
        answers.push(match problem {
            Some(problem) => ItemAnswer::of(id, problem.into_response(&shared.envelope(&item.parts))).await,
            None => ItemAnswer::dependent(id),
        });
    }
    tracing::debug!(items = items.len(), culprits, "a batch was refused");
    let detail = format!("{culprits} of {} items can't be done, so none was; their answers say why", items.len());
    Problem::new(ProblemKind::BatchFailed, detail).with_items(answers)
}

async fn verdict(
    planned: &Planned<'_>,
    plan: &Plan<'_>,
    conflict: &Conflict,
    failed_before: impl Fn(&Key) -> bool,
) -> Result<Verdict, Problem> {
    let call = &planned.call;
    let is_dependent = match &conflict.cause {
        Cause::NoParent { parent, .. } => failed_before(parent),
        _ => failed_before(&conflict.key),
    };
    if is_dependent {
        return Ok(Verdict::Dependent);
    }
    // As if it had come alone.
    let alone = Conflict { item: 0, ..conflict.clone() };
    let conflict = match call.met_state(Error::rejected(vec![alone])).await {
        Ok(conflict) => conflict,
        Err(problem) if problem.is_the_servers() => return Err(problem),
        Err(problem) => return Ok(Verdict::Refused(problem)),
    };
    if planned.basis == Basis::NewId {
        return Ok(Verdict::Moved);
    }
    if planned.basis == Basis::Earlier || plan.makes(planned, &conflict).await? {
        return Ok(Verdict::Refused(of_the_batchs_making(call, &planned.key, *conflict).await));
    }
    match planned.basis {
        Basis::State => Ok(Verdict::Moved),
        _ => Ok(Verdict::Refused(of_the_clients_condition(call, &planned.key, *conflict).await)),
    }
}

impl Plan<'_> {
    /// Whether the state that an item met is one that earlier items would have left: without them it would be done.
    async fn makes(&self, planned: &Planned<'_>, conflict: &Conflict) -> Result<bool, Problem> {
        // None of them is about the resource itself; but a delete reaches others, its children.
        let (before, item) = (&self.items[..planned.place], &self.items[planned.place]);
        if !before.iter().any(|item| matches!(item, Item::Delete(_))) {
            return Ok(false);
        }
        let stored = planned.call.store().head(&planned.key).await?;
        Ok(conflict.expectation.is_met_by(stored.as_ref(), item.compares(), |_| None))
    }
}

/// The tag of a state that was never written is told to nobody.
async fn of_the_batchs_making(call: &Call<'_>, key: &Key, conflict: Conflict) -> Problem {
    if conflict.met.is_none() && call.action != Action::Replace {
        return Problem::not_found();
    }
    let header = match call.conditions.why_not_met() {
        Unmet::Failed(header) => header.name(),
        // The condition is a reference, or there is none and needs to be none.
        Unmet::Missing if conflict.expectation != Expectation::Absent => "If-Match",
        unmet => return call.refusal(key, unmet, None).await,
    };
    let detail = "an earlier item of the batch changes the resource; refer to the tag that it leaves, `$name.etag`";
    Problem::new(ProblemKind::ConditionFailed, detail)
        .with_status(call.endpoint.dialect().mismatch_status)
        .about_header(header)
}

async fn of_the_clients_condition(call: &Call<'_>, key: &Key, conflict: Conflict) -> Problem {
    let met = Seen::of_conflict(conflict);
    if met.is_none() && call.action != Action::Replace {
        return Problem::not_found();
    }
    call.refusal(key, call.conditions.why_not_met(), met.as_ref()).await
}
