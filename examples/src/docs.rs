//! The routes beside the API: the documentation page and the health check.

use axum::{Router, routing::get};
use utoipa_swagger_ui::{Config, SwaggerUi};

/// A page at `/docs` that shows the API's `/openapi.json`. All of it comes out of the binary.
pub fn docs_page() -> Router {
    // Without `none` the page sends the API's address to a validator on the internet.
    let config = Config::from("/openapi.json").validator_url("none").try_it_out_enabled(true);
    SwaggerUi::new("/docs").config(config).into()
}

/// `GET /healthz`, which answers 200 as long as the server serves.
pub fn health() -> Router {
    Router::new().route("/healthz", get(async || "ok\n"))
}
