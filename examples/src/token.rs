//! Servers that want to know who is asking, or just that somebody is.

use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};
use clap::Args;
use etag_axum::Refused;
use etag_core::RefusalKind;
use http::header::AUTHORIZATION;

/// The flag of examples that can demand a token.
#[derive(Args, Clone, Copy, Debug)]
pub struct TokenFlags {
    /// Refuse requests without `Authorization: Bearer …`; any token will do
    #[arg(long)]
    pub require_token: bool,
}

impl TokenFlags {
    /// The router, behind a check for a token where one is required.
    pub fn guard<S: Clone + Send + Sync + 'static>(self, router: Router<S>) -> Router<S> {
        if self.require_token { router.layer(middleware::from_fn(demand_token)) } else { router }
    }
}

async fn demand_token(request: Request, next: Next) -> Response {
    let value = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let scheme = value.and_then(|value| value.split_once(' '));
    let is_token =
        scheme.is_some_and(|(scheme, token)| scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty());
    if is_token { next.run(request).await } else { Refused::from(RefusalKind::Unauthenticated).into_response() }
}
