//! The layer that tells refusals as the dialect does.
//!
//! Every request goes through it, so it is a service and not a function of axum's, which would box a service and two futures
//! for each.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::{extract::Request, response::Response};
use tower::{Layer, Service};

use super::Dialogue;
use crate::exchange::Asker;

#[derive(Clone)]
pub(super) struct TellRefusals(pub(super) Dialogue);

impl<S> Layer<S> for TellRefusals {
    type Service = Telling<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Telling { dialogue: self.0.clone(), inner }
    }
}

#[derive(Clone)]
pub(super) struct Telling<S> {
    dialogue: Dialogue,
    inner: S,
}

impl<S> Service<Request> for Telling<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    S::Future: Unpin,
{
    type Response = Response;
    type Error = Infallible;
    type Future = TellingFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let asker = Asker::of(&self.dialogue, &request);
        TellingFuture { answer: self.inner.call(request), asker, dialogue: self.dialogue.clone() }
    }
}

pub(super) struct TellingFuture<F> {
    answer: F,
    asker: Asker,
    dialogue: Dialogue,
}

impl<F> Future for TellingFuture<F>
where
    F: Future<Output = Result<Response, Infallible>> + Unpin,
{
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Ok(response) = ready!(Pin::new(&mut self.answer).poll(context));
        Poll::Ready(Ok(self.asker.tell(&self.dialogue, response)))
    }
}
