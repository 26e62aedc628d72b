//! The answer to a batch that was done.

use std::collections::HashSet;

use axum::response::Response;
use etag_core::{Committed, Effect, Head, Key, Touched, Written};
use http::{HeaderValue, StatusCode, header};

use super::{
    address::Addressed,
    answer::{ItemAnswer, TouchedAnswer, done},
    plan::{Fate, Plan, Planned},
};
use crate::{call::Call, problem::Problem, respond};

impl Plan<'_> {
    /// 200 with the answer to each item, and what else was touched.
    pub(super) async fn success(self, items: &[Addressed<'_>], committed: Committed) -> Result<Response, Problem> {
        let passing = passing(items, &committed.touched);
        let planned: Vec<_> = self.fates.into_iter().filter_map(Fate::planned).collect();
        let mut answers = Vec::with_capacity(items.len());
        for ((one, item), passing) in planned.iter().zip(items).zip(passing) {
            let written = committed.items.get(one.place).cloned();
            let response = match written {
                Some(Written { effect, head: Some(head) }) => answer(one, effect, head, passing).await?,
                // The check of what is absent, which is never asked for.
                _ => respond::bare(StatusCode::OK),
            };
            answers.push(ItemAnswer::of(item.sent.id.as_deref(), response).await);
        }
        let touched = told(planned.first().map(|one| &one.call), &committed.touched).await;
        Ok(done(answers, touched))
    }
}

/// Whether the state that an item left stands in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passing {
    Stands,
    /// A later item wrote over it, or what a later one deleted took it along.
    Passed,
}

/// For each item whether its state stands.
pub(super) fn passing(items: &[Addressed<'_>], touched: &[Touched]) -> Vec<Passing> {
    let mut written: HashSet<&Key> =
        touched.iter().filter(|touched| touched.after.is_none()).map(|touched| &touched.key).collect();
    let mut passing: Vec<_> = items
        .iter()
        .rev()
        .map(|item| match item.key() {
            Some(key) if item.is_write() && !written.insert(key) => Passing::Passed,
            Some(key) if !item.is_write() && written.contains(key) => Passing::Passed,
            _ => Passing::Stands,
        })
        .collect();
    passing.reverse();
    passing
}

async fn answer(planned: &Planned<'_>, effect: Effect, head: Head, passing: Passing) -> Result<Response, Problem> {
    let call = &planned.call;
    match (&planned.document, passing) {
        (_, Passing::Passed) => Ok(passed(call, effect, &head.key)),
        (Some(document), _) => call.put_done(effect, head, document.clone(), &[]).await,
        (None, _) if effect == Effect::Deleted => Ok(respond::bare(StatusCode::NO_CONTENT)),
        (None, _) => Ok(checked(call, &head)),
    }
}

/// A check tells the state that it found.
pub(super) fn checked(call: &Call<'_>, head: &Head) -> Response {
    let mut response = respond::bare(StatusCode::OK);
    call.place_validators(response.headers_mut(), head);
    response
}

/// No tag, which the next write would not take (rule T6), and no body.
pub(super) fn passed(call: &Call<'_>, effect: Effect, key: &Key) -> Response {
    match effect {
        Effect::Checked => respond::bare(StatusCode::OK),
        Effect::Created => {
            let mut response = respond::bare(StatusCode::CREATED);
            if let Ok(path) = HeaderValue::try_from(call.path_of(key)) {
                response.headers_mut().insert(header::LOCATION, path);
            }
            response
        }
        _ => respond::bare(StatusCode::NO_CONTENT),
    }
}

/// What is told of what was touched, to whoever may read it.
pub(super) async fn told(call: Option<&Call<'_>>, touched: &[Touched]) -> Vec<TouchedAnswer> {
    let Some(call) = call else { return Vec::new() };
    let mut told = Vec::with_capacity(touched.len());
    for touched in touched {
        told.extend(TouchedAnswer::of(call, touched).await);
    }
    told
}
