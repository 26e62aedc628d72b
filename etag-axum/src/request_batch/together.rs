//! Parts that happen together, all or none.

use std::sync::Arc;

use etag_core::{BatchPart, Begun, Key, Member, PartAnswer, Refusal, RefusalKind, Store as _, UnitOfWork, UnitOutcome};
use http::Method;

use super::{
    ReadsTogether, UnitStore,
    answer::{forget_tag, has_failed},
    part_request::Frame,
    reference::Created,
    room::Room,
};
use crate::{idempotency::IDEMPOTENCY_KEY, retry::Tries};

/// How often a step is done again that others were faster than.
const TRIES: usize = 16;

/// What became of one try.
enum Attempt {
    Done(Vec<PartAnswer>),
    Failed(PartAnswer),
    /// Somebody else was faster at this resource.
    Moved(Key),
}

impl Frame<'_> {
    /// Does all of these, or none; again where a state has moved under them. An error is the answer of the one to blame.
    pub(super) async fn together(&self, parts: &[BatchPart], room: Room) -> Result<Vec<PartAnswer>, PartAnswer> {
        for part in parts {
            if let Err(refusal) = self.demand_undoable(part) {
                return Err(self.refused(part, refusal).await);
            }
        }
        let environment = self.batch.dialogue.store().coordinator().environment();
        let mut tries = Tries::at_most(TRIES, environment);
        loop {
            match self.attempt(parts, room).await {
                Attempt::Done(answers) => return Ok(answers),
                Attempt::Failed(answer) => return Err(answer),
                Attempt::Moved(key) if tries.pause(&key).await.is_ok() => {}
                Attempt::Moved(_) => return Err(self.refused(&parts[0], contended()).await),
            }
        }
    }

    fn demand_undoable(&self, part: &BatchPart) -> Result<(), Refusal> {
        if self.batch.reads_together == ReadsTogether::Refused && is_read(part) {
            return Err(invalid(format!("{} can't happen together with others; send it alone", part.method)));
        }
        if part.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(IDEMPOTENCY_KEY.as_str())) {
            return Err(invalid(format!("{IDEMPOTENCY_KEY} is for requests that happen alone")));
        }
        Ok(())
    }

    /// There is no more than `room` for what is answered before all of it is done.
    async fn attempt(&self, parts: &[BatchPart], mut room: Room) -> Attempt {
        let mut unit = UnitOfWork::new(Arc::clone(self.batch.dialogue.store()));
        let (mut created, mut members) = (Created::default(), Vec::with_capacity(parts.len()));
        for part in parts {
            if let Err(refusal) = room.demand_some() {
                return Attempt::Failed(self.refused(part, refusal).await);
            }
            match self.begin(&mut unit, part, &mut created, &mut room).await {
                Ok(member) => members.push(member),
                Err(answer) => return Attempt::Failed(answer),
            }
        }
        match unit.commit().await {
            Ok(UnitOutcome::Done(answers)) => {
                Attempt::Done(self.with_stored_tags(parts, &members, answers, &created).await)
            }
            Ok(UnitOutcome::Refused { member, output }) => self.blamed(&parts[member], output).await,
            Ok(UnitOutcome::Moved(key)) => Attempt::Moved(key),
            Err(error) => Attempt::Failed(self.refused(&parts[0], error).await),
        }
    }

    /// Begins one part. An error is its answer where it fails by itself.
    async fn begin<'f>(
        &'f self,
        unit: &mut UnitOfWork<'f, PartAnswer>,
        part: &'f BatchPart,
        created: &mut Created,
        room: &mut Room,
    ) -> Result<Member, PartAnswer> {
        let mut request = match self.request(part, Some(created)) {
            Ok(request) => request,
            Err(refused) => return Err(self.refused(part, refused).await),
        };
        let path = request.uri().path().to_owned();
        let mut handles = None;
        let begun = unit
            .begin(|member| {
                let store = UnitStore::new(Arc::new(member.clone()));
                request.extensions_mut().insert(store.clone());
                handles = Some((member, store));
                self.ask(part, request)
            })
            .await;
        let failed = match begun {
            Begun::Finished(answer) => {
                room.take(answer);
                has_failed(answer).then(|| answer.clone())
            }
            Begun::Waits => None,
        };
        let Some((member, store)) = handles else { return Err(self.refused(part, RefusalKind::Internal).await) };
        if let Some(answer) = failed {
            return Err(without_plans(&member, answer));
        }
        if let (Some(id), Some(uri)) = (&part.id, uri_of(part, &store, path)) {
            created.note(id, uri);
        }
        Ok(member)
    }

    /// The answer of the part that is to blame. One that says that it was done although its commit was not can't stand.
    async fn blamed(&self, part: &BatchPart, mut answer: PartAnswer) -> Attempt {
        if !has_failed(&answer) {
            let message = "what it does and what comes before it exclude each other";
            answer = self.refused(part, Refusal::new(RefusalKind::Conflicting).saying(message)).await;
        }
        forget_tag(&mut answer);
        Attempt::Failed(answer)
    }

    /// What a read was shown of the others had tags that nothing ever has, so it is asked again. Where what it was about has
    /// gone by then it has not failed all the same.
    async fn with_stored_tags(
        &self,
        parts: &[BatchPart],
        members: &[Member],
        mut answers: Vec<PartAnswer>,
        created: &Created,
    ) -> Vec<PartAnswer> {
        for ((part, member), answer) in parts.iter().zip(members).zip(&mut answers) {
            if is_read(part)
                && member.has_seen_plans()
                && let Ok(request) = self.request(part, Some(created))
            {
                let stored = self.ask(part, request).await;
                if has_failed(&stored) { forget_tag(answer) } else { *answer = stored }
            }
        }
        answers
    }
}

fn is_read(part: &BatchPart) -> bool {
    part.method.parse::<Method>().is_ok_and(|method| method.is_safe())
}

/// What a later part refers to by the id of this one: what it creates, or else what it is about. A query would swallow what
/// follows the reference.
fn uri_of(part: &BatchPart, store: &UnitStore, path: String) -> Option<String> {
    store.announced().or_else(|| (part.method != Method::POST.as_str()).then_some(path))
}

fn without_plans(member: &Member, mut answer: PartAnswer) -> PartAnswer {
    if member.has_seen_plans() {
        forget_tag(&mut answer);
    }
    answer
}

fn invalid(message: String) -> Refusal {
    Refusal::new(RefusalKind::Invalid).saying(message)
}

fn contended() -> Refusal {
    let message =
        format!("a resource changed under each of {TRIES} tries; nothing was written; send the request again");
    Refusal::new(RefusalKind::Unavailable).saying(message)
}
