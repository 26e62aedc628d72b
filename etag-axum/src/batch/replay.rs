//! The answer to a batch that was done before under the same idempotency key (rule P6).

use axum::response::Response;
use etag_core::{Committed, Effect, Written};
use http::{HeaderValue, StatusCode};

use super::{
    Batches,
    address::{Addressed, Addresses},
    answer::{ItemAnswer, done},
    success::{Aftermath, checked, passed, told},
};
use crate::{
    call::Call,
    idempotency::{Done, IDEMPOTENCY_REPLAYED},
    problem::{Problem, ProblemKind},
    respond, routes,
};

impl Batches {
    /// The recorded outcome, as far as it still holds, for whoever may still do each item.
    pub(super) async fn replay(&self, addresses: &Addresses<'_>, recorded: &Committed) -> Result<Response, Problem> {
        let records = self.records(recorded, addresses.envelope.items.len())?;
        let made = |index: usize| records.get(index).and_then(|written| written.head.as_ref());
        let items = addresses.resolve(|index, _| made(index).map(|head| head.key.clone()))?;
        let calls = self.calls(&items).await?;
        let aftermath = Aftermath { items: &items, touched: &recorded.touched };
        let mut answers = Vec::with_capacity(items.len());
        for ((call, written), item) in calls.iter().zip(records).zip(&items) {
            let response = aftermath.replayed(call, written.clone(), item.index).await?;
            answers.push(ItemAnswer::of(item.sent.id.as_deref(), response).await);
        }
        let mut response = done(answers, told(calls.first(), &recorded.touched).await);
        response.headers_mut().insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
        Ok(response)
    }

    /// What was recorded of each item of the request. After a resource that came to be stands what came to be with it.
    fn records<'e>(&self, recorded: &'e Committed, count: usize) -> Result<Vec<&'e Written>, Problem> {
        let (mut rest, mut records) = (&recorded.items[..], Vec::with_capacity(count));
        for _ in 0..count {
            let (written, after) = rest.split_first().ok_or_else(untold)?;
            let companions = match written {
                Written { effect: Effect::Created, head: Some(head), .. } => {
                    self.registry.companions(&head.key, &*self.shared.store)?.len()
                }
                _ => 0,
            };
            rest = after.get(companions..).ok_or_else(untold)?;
            records.push(written);
        }
        Ok(records)
    }

    async fn calls<'a>(&self, items: &'a [Addressed<'_>]) -> Result<Vec<Call<'a>>, Problem> {
        let (mut calls, mut refused) = (Vec::with_capacity(items.len()), Vec::with_capacity(items.len()));
        for item in items {
            let (route, target) = item.place().map_err(|_| untold())?;
            match routes::admit(route, &item.parts, target).await {
                Ok(call) => {
                    calls.push(call);
                    refused.push(None);
                }
                Err(problem) => refused.push(Some(problem)),
            }
        }
        if calls.len() == items.len() { Ok(calls) } else { Err(self.failure(items, refused).await) }
    }
}

impl Aftermath<'_> {
    async fn replayed(&self, call: &Call<'_>, written: Written, index: usize) -> Result<Response, Problem> {
        let Written { effect, head: Some(head), .. } = &written else { return Ok(respond::bare(StatusCode::OK)) };
        if *effect == Effect::Deleted || !self.lets_stand(call, head, index).await {
            return Ok(passed(call, *effect, &head.key));
        }
        if *effect == Effect::Checked {
            return Ok(checked(call, head));
        }
        let mut response = call.replay(Done { written, touched: Vec::new() }).await?;
        response.headers_mut().remove(IDEMPOTENCY_REPLAYED);
        Ok(response)
    }
}

/// The batch was done by a server that served other resources.
fn untold() -> Problem {
    Problem::new(ProblemKind::KeyReused, "the batch was done before, and what it did can't be told any more")
}
