//! The answer to a batch that was done.

use axum::response::Response;
use bytes::Bytes;
use etag_core::{Committed, Effect, Head, Key, Touched, Written};
use http::{HeaderValue, Method, StatusCode, header};

use super::{
    address::Addressed,
    answer::{ItemAnswer, TouchedAnswer, done},
    plan::{Fate, Plan, Planned},
};
use crate::{call::Call, respond, touched::is_ancestor};

impl Plan<'_> {
    /// 200 with the answer to each item, and what else was touched.
    pub(super) async fn success(self, items: &[Addressed<'_>], committed: Committed) -> Response {
        let planned: Vec<_> = self.fates.into_iter().filter_map(Fate::planned).collect();
        let aftermath = Aftermath { items, touched: &committed.touched };
        let mut answers = Vec::with_capacity(items.len());
        for (one, item) in planned.iter().zip(items) {
            let response = match committed.items.get(one.place).cloned() {
                Some(Written { effect, head: Some(head), body }) => {
                    let document = body.or_else(|| one.document.clone());
                    aftermath.answer(one, (effect, head, document), item.index).await
                }
                // The check of what is absent, which is never asked for.
                _ => respond::bare(StatusCode::OK),
            };
            answers.push(ItemAnswer::of(item.sent.id.as_deref(), response).await);
        }
        done(answers, told(planned.first().map(|one| &one.call), &committed.touched).await)
    }
}

/// What came after an item in its batch.
pub(super) struct Aftermath<'b> {
    pub(super) items: &'b [Addressed<'b>],
    pub(super) touched: &'b [Touched],
}

impl Aftermath<'_> {
    /// Whether the state that an item left or found is the one that stands after the batch.
    pub(super) async fn lets_stand(&self, call: &Call<'_>, head: &Head, index: usize) -> bool {
        let (model, key) = (call.endpoint.description(), &head.key);
        if self.touched.iter().any(|one| one.key == *key && one.after.as_ref() != Some(&head.tag)) {
            return false;
        }
        let later = || self.items[index + 1..].iter().filter(|item| item.is_write());
        if later().any(|item| item.key() == Some(key)) {
            return false;
        }
        let is_above = |other: &Key| is_ancestor(model, other.collection());
        if !later().any(|item| item.sent.method == Method::DELETE && item.key().is_some_and(is_above)) {
            return true;
        }
        // The delete may have taken it along, or changed it.
        let stored = call.store().head(key).await;
        stored.is_ok_and(|stored| stored.is_some_and(|stored| stored.tag == head.tag))
    }

    /// The batch is done, so nothing that fails from here on may be taken for a refusal.
    async fn answer(&self, planned: &Planned<'_>, did: (Effect, Head, Option<Bytes>), index: usize) -> Response {
        let (effect, head, document) = did;
        let (call, key) = (&planned.call, head.key.clone());
        if effect == Effect::Deleted || !self.lets_stand(call, &head, index).await {
            return passed(call, effect, &key);
        }
        match document {
            Some(document) => {
                let answer = call.put_done(effect, head, document, &[]).await;
                answer.unwrap_or_else(|_| passed(call, effect, &key))
            }
            None => checked(call, &head),
        }
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
