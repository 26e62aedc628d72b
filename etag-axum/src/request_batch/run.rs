//! The steps of a batch, one after the other.

use std::collections::{HashMap, HashSet};

use axum::{
    extract::Request,
    response::{IntoResponse as _, Response},
};
use etag_core::{AfterFailure, BatchPart, BatchStep, EncodedBatch, PartAnswer, Refusal, RefusalKind};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use tracing::{Instrument as _, field};

use super::{RequestBatch, answer::has_failed, part_request::Frame, room::Room};
use crate::{
    body,
    exchange::{Asker, Refused, of_problem},
    prefer::{PREFERENCE_APPLIED, Preferences},
    respond,
};

impl RequestBatch {
    /// Answers, whatever comes of it, in a span of its own (rule H7).
    pub(super) async fn respond(&self, request: Request) -> Response {
        let span = tracing::info_span!("request_batch", parts = field::Empty, outcome = field::Empty);
        let asker = Asker::of(&self.dialogue, &request);
        let response = match self.answer(request).instrument(span.clone()).await {
            Ok(response) => response,
            Err(refused) => asker.tell(&self.dialogue, refused.into_response()),
        };
        span.record("outcome", response.status().as_u16());
        response
    }

    async fn answer(&self, request: Request) -> Result<Response, Refused> {
        let (outer, body) = request.into_parts();
        let limit = self.dialogue.limits().batch_bytes;
        let body = body::read(body, limit).await.map_err(of_problem)?;
        let content_type = outer.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let steps = self
            .rules
            .codec
            .read_requests(content_type.unwrap_or_default(), &body)
            .map_err(|error| invalid(error.to_string()))?;
        let parts: Vec<_> = steps.iter().flat_map(BatchStep::parts).collect();
        tracing::Span::current().record("parts", parts.len());
        demand_few(parts.len(), self.rules.most_parts)?;
        demand_earlier(&parts)?;
        Ok(Run::new(Frame { batch: self, outer: &outer }).over(&steps).await)
    }
}

fn invalid(message: String) -> Refused {
    Refusal::new(RefusalKind::Invalid).saying(message).into()
}

fn demand_few(count: usize, most: usize) -> Result<(), Refused> {
    let message = || format!("the batch has {count} requests; send {most} at most");
    if count <= most { Ok(()) } else { Err(invalid(message())) }
}

/// Demands that what a part is to come after comes before it.
fn demand_earlier(parts: &[&BatchPart]) -> Result<(), Refused> {
    let mut earlier = HashSet::new();
    for (index, part) in parts.iter().enumerate() {
        if let Some(id) = part.after.iter().find(|id| !earlier.contains(id.as_str())) {
            let message = format!("request {} is to come after {id:?}, which is none before it", index + 1);
            return Err(invalid(message));
        }
        earlier.extend(part.id.as_deref());
    }
    Ok(())
}

/// What has become of the steps so far.
struct Run<'r> {
    frame: Frame<'r>,
    answers: Vec<BatchStep<PartAnswer>>,
    fates: HashMap<&'r str, Fate>,
    after_failure: Then,
    room: Room,
    status: StatusCode,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Done,
    Failed,
}

/// What to do after a step that failed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    GoOn,
    /// The client has this preference.
    GoOnAsPreferred(&'static str),
    Stop,
}

impl Then {
    fn of(rule: AfterFailure, headers: &HeaderMap) -> Self {
        match rule {
            AfterFailure::GoOn => Self::GoOn,
            AfterFailure::StopUnlessPreferred(preference) => match Preferences::of(headers).value(preference) {
                Some(value) if !value.eq_ignore_ascii_case("false") => Self::GoOnAsPreferred(preference),
                _ => Self::Stop,
            },
        }
    }
}

impl<'r> Run<'r> {
    fn new(frame: Frame<'r>) -> Self {
        let after_failure = Then::of(frame.batch.rules.after_failure, &frame.outer.headers);
        let room = Room::of(frame.batch.dialogue.limits().batch_answer_bytes);
        Self { frame, answers: Vec::new(), fates: HashMap::new(), after_failure, room, status: StatusCode::OK }
    }

    async fn over(mut self, steps: &'r [BatchStep<BatchPart>]) -> Response {
        for step in steps {
            let answer = match step {
                BatchStep::Alone(part) => BatchStep::Alone(self.alone(part).await),
                BatchStep::Together(parts) => match self.together(parts).await {
                    Ok(answers) => BatchStep::Together(answers),
                    Err(answer) => self.frame.batch.rules.codec.failed_together().step(answer),
                },
            };
            answer.parts().iter().for_each(|answer| self.room.take(answer));
            let failed = answer.parts().iter().find(|answer| has_failed(answer)).map(|answer| answer.status);
            let fate = if failed.is_some() { Fate::Failed } else { Fate::Done };
            self.fates.extend(step.parts().iter().filter_map(|part| Some((part.id.as_deref()?, fate))));
            self.answers.push(answer);
            if let (Some(status), Then::Stop) = (failed, self.after_failure) {
                self.status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                break;
            }
        }
        self.into_response()
    }

    async fn alone(&self, part: &BatchPart) -> PartAnswer {
        if let Err(refusal) = self.demand_possible(part) {
            return self.frame.refused(part, refusal).await;
        }
        match self.frame.request(part, None) {
            Ok(request) => self.frame.ask(part, request).await,
            Err(refused) => self.frame.refused(part, refused).await,
        }
    }

    async fn together(&self, parts: &[BatchPart]) -> Result<Vec<PartAnswer>, PartAnswer> {
        for part in parts {
            if let Err(refusal) = self.demand_possible(part) {
                return Err(self.frame.refused(part, refusal).await);
            }
        }
        self.frame.together(parts, self.room).await
    }

    /// Demands that there is room for the answer, and that nothing failed that the part is to come after.
    fn demand_possible(&self, part: &BatchPart) -> Result<(), Refusal> {
        self.room.demand_some()?;
        let has_failed = |id: &&String| self.fates.get(id.as_str()) == Some(&Fate::Failed);
        let Some(id) = part.after.iter().find(has_failed) else { return Ok(()) };
        let message = format!("request {id:?}, which this one is to come after, has failed");
        Err(Refusal::new(RefusalKind::FailedDependency).saying(message))
    }

    fn into_response(self) -> Response {
        let EncodedBatch { content_type, body } = self.frame.batch.rules.codec.write_answers(&self.answers);
        let mut response = respond::json(self.status, body);
        if let Ok(value) = HeaderValue::try_from(content_type) {
            response.headers_mut().insert(header::CONTENT_TYPE, value);
        }
        if let Then::GoOnAsPreferred(preference) = self.after_failure {
            response.headers_mut().insert(PREFERENCE_APPLIED, HeaderValue::from_static(preference));
        }
        response
    }
}
