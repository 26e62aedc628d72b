//! How offers are published and by whom, and what all requests must have.

use std::sync::Arc;

use axum::{
    Router,
    extract::{FromRequestParts, RawPathParams, Request},
    middleware::{self, Next},
    response::Response,
};
use clap::Args;
use etag_axum::{Exchange, Parameters, Refused};
use etag_core::{Refusal, RefusalKind};
use http::request::Parts;

use crate::{Service, dialect::INVALID_VERSION};

/// The version of the API.
pub(crate) const VERSION: &str = "2017-10-31";

/// How offers are published, and by whom.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Publishing")]
pub(crate) struct Rules {
    /// How many reads see an operation running before one sees its end; with 0 it ends at once
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) operation_reads: u32,
    /// How many operations an offer remembers, at least one
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) operations: u16,
    /// A publisher that callers may act for; any, where this is not given. May be given several times
    #[arg(long = "publisher", value_name = "NAME")]
    pub(crate) publishers: Vec<String>,
    /// Send the addresses of operations as for offers that have not been migrated
    #[arg(long)]
    pub(crate) unmigrated: bool,
}

/// A request that says the version of the API.
pub(crate) struct Call(pub(crate) Exchange);

impl FromRequestParts<Service> for Call {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Refused> {
        let parameters = Parameters::from_request_parts(parts, service).await?;
        if parameters.get("api-version") != Some(VERSION) {
            let message = format!("Invalid api version. Allowed values are [{VERSION}]");
            return Err(Refusal::new(RefusalKind::Invalid).with_code(INVALID_VERSION).saying(message).into());
        }
        let Ok(exchange) = Exchange::from_request_parts(parts, service).await;
        Ok(Self(exchange))
    }
}

/// The routes, which refuse what is about a publisher that the caller may not act for.
pub(crate) fn demand_own_publisher(routes: Router<Service>, rules: &Rules) -> Router<Service> {
    if rules.publishers.is_empty() {
        return routes;
    }
    let own: Arc<[String]> = rules.publishers.clone().into();
    routes.route_layer(middleware::from_fn(move |params, request, next| {
        demand_one_of(Arc::clone(&own), params, request, next)
    }))
}

async fn demand_one_of(
    own: Arc<[String]>,
    params: RawPathParams,
    request: Request,
    next: Next,
) -> Result<Response, Refused> {
    let publisher = params.iter().find(|(name, _)| *name == "publisher").map(|(_, publisher)| publisher);
    let is_own = publisher.is_none_or(|publisher| own.iter().any(|own| own == publisher));
    if is_own { Ok(next.run(request).await) } else { Err(RefusalKind::Forbidden.into()) }
}
