//! Conditional HTTP for versioned models, on axum: routes that speak RFC 9110 §13, from one registration.
//!
//! ```
//! use etag_axum::{Api, Resource};
//! use etag_core::{MemoryStore, Versioned};
//! use serde::{Deserialize, Serialize};
//! use utoipa::ToSchema;
//!
//! #[derive(Serialize, Deserialize, ToSchema, Versioned)]
//! #[versioned(collection = "tasks", validator = revision)]
//! struct Task {
//!     #[versioned(id)]
//!     id: String,
//!     title: String,
//! }
//!
//! let app: axum::Router = Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).router();
//! ```
//!
//! # The routes
//! | path | methods |
//! |---|---|
//! | `/tasks` | GET and HEAD (a page), POST where the server can make up ids, OPTIONS |
//! | `/tasks/{id}` | GET, HEAD, PUT, PATCH as JSON Merge Patch (RFC 7396) or JSON Patch (RFC 6902), DELETE, OPTIONS |
//! | `/openapi.json` | GET and HEAD: the description of it all, in `OpenAPI` 3.1 |
//!
//! A page is `{"items": [{"etag": "\"…\"", "value": {…}}], "next": "…"}`; `?limit=` and `?cursor=` choose it.
//!
//! # The order of answers
//! 401 and 403, 405, 415, 404 (except for PUT), 400 for a malformed condition, 428, 412, 400 and 422 for the body, 409.
//! It is the order of answers, not of work: a PUT under `If-Match` is one step of the store, and reads nothing before.
//! An `Idempotency-Key` is looked up after the media type; a body past its limit is 413 as soon as it is read.
//!
//! Errors are problem details (RFC 9457) whose `type` is a path, `/problems/condition-failed` and so on. A 412 carries
//! the tag that is current, and the current representation for who sends `Prefer: return=representation`.
//!
//! That is so under the paths of resources. A path that belongs to none, such as `/task` or `/tasks/1/2`, is answered by
//! axum: 404 without a body, or the fallback of the router that this one is merged into. `/openapi.json` asks no hook,
//! and its own refusals (400, 405, 412, 431) have no body either.
//!
//! # PUT and RFC 9110 §9.3.4
//! Answers to PUT carry the tag although the server may have completed what was sent, which the letter of that section
//! forbids: they carry the representation as well, so whoever has the tag has what it stands for (rule T6).
//! [`Resource::strict_put`] keeps to the letter.
//!
//! # Without the routes
//! [`IfHeaders`], [`IfMatch`] and [`IfNoneMatch`] extract conditions, [`Tagged`] is an answer with a tag that turns itself
//! into 304, with [`JsonBody`] for values, [`ConditionalLayer`] does so for handlers that know nothing of it, and
//! [`CodingTagLayer`] keeps tags right behind compression. [`CorsLayer`] lets browsers send conditions and read tags.

mod absent_body;
mod api;
mod authorize;
mod batch;
mod body;
mod call;
mod coding_layer;
mod companions;
mod condition_failed;
mod conditional_layer;
mod conditions;
mod conflicts;
mod cors;
mod cursor;
mod endpoint;
mod extract;
mod handlers;
mod idempotency;
mod json_body;
mod limits;
mod location;
mod media_type;
mod model;
mod not_modified;
mod openapi;
mod patch;
mod place;
mod prefer;
mod problem;
mod registration;
mod registry;
mod resource;
mod respond;
mod retry;
mod routes;
mod settings;
mod tagged;
mod touched;
mod written;

pub use api::Api;
pub use authorize::{AccessRequest, Action, Denied, Principal, ValueAccess};
pub use coding_layer::{Coding, CodingTag, CodingTagFuture, CodingTagLayer};
pub use conditional_layer::{Conditional, ConditionalFuture, ConditionalLayer};
pub use cors::{CorsLayer, CorsService};
pub use extract::{IfHeaders, IfMatch, IfNoneMatch, PreconditionRejection};
pub use json_body::JsonBody;
pub use limits::Limits;
pub use resource::{Policy, Resource};
pub use tagged::Tagged;
