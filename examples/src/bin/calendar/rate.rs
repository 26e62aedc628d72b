//! A limit of requests, past which clients are to back off.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::UNIX_EPOCH,
};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use etag_axum::{Dialogue, Refused};
use etag_core::{Refusal, RefusalKind, Store as _};

/// The reason that clients of this service know as one to come again for.
pub(crate) const REASON: &str = "rateLimitExceeded";

/// So many requests in each second, and what the next one is answered.
#[derive(Clone, Debug)]
pub(crate) struct RateLimit {
    dialogue: Dialogue,
    requests: u32,
    status: u16,
    /// The second, and how many requests it has had.
    spent: Arc<Mutex<(u64, u32)>>,
}

impl RateLimit {
    pub(crate) fn new(dialogue: &Dialogue, requests: u32, status: u16) -> Self {
        Self { dialogue: dialogue.clone(), requests, status, spent: Arc::default() }
    }

    fn admits_one(&self) -> bool {
        let now = self.dialogue.store().coordinator().environment().now();
        let second = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if spent.0 != second {
            *spent = (second, 0);
        }
        spent.1 += 1;
        spent.1 <= self.requests
    }
}

/// Refuses what is too much.
pub(crate) async fn limit(State(rate): State<RateLimit>, request: Request, next: Next) -> Response {
    if rate.admits_one() {
        return next.run(request).await;
    }
    let refusal = Refusal::new(RefusalKind::Unavailable).with_code(REASON).saying("Rate Limit Exceeded");
    Refused::from(refusal.with_status(rate.status)).into_response()
}
