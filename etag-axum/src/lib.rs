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
//! | `/$batch` | POST, OPTIONS: all of several writes, or none |
//! | `/openapi.json` | GET and HEAD: the description of it all, in `OpenAPI` 3.1 |
//!
//! Where the model of `/tasks` has a link to a parent that is a resource, too, there are besides:
//!
//! | path | methods |
//! |---|---|
//! | `/boards/{id}/tasks` | GET and HEAD (a page of this board's tasks), POST, OPTIONS; [`Resource::nested`] changes the last segment |
//! | `/tasks?board_id={id}` | the same page of tasks, by the field of the link |
//! | `/tasks/{id}/details` | as `/details/{id}`, where the link stands on the field with the id: a parent has one such child at most |
//!
//! A parent in the path that does not exist is 404 for each method; one that a body names is 422 on the member that does;
//! one that a query names is 400. [`Resource::starts_with_parent`] makes the only child come to be with its parent.
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
//! # Families
//! What a write of a child does to its parents' tags is declared with its links (rules F1 to F6). Its answer tells it, with
//! a `Link` (RFC 8288) for each resource that it touched and that is there still, where the caller may read that one:
//!
//! ```text
//! Link: </boards/1>; rel="up"; etag-before="\"r1.fR4fFgb8.7\""; etag="\"r1.fR4fFgb8.9\""
//! ```
//!
//! Each stands on a line of its own; `rel`, `etag-before` and `etag` follow in this order, always quoted; the tags are whole,
//! their quotes and backslashes escaped. `rel` is `up` for an ancestor, and `related` for another one, such as a child that
//! a delete left without its parent. Whoever holds the tag before may send the one after as its next condition; whoever holds
//! another must read again, since there are changes that it has not seen (rule F4). An answer from the ledger tells what was
//! touched then. There are at most 32 of these links, ancestors first.
//!
//! A delete that children forbid is 409 `has-children`, with the paths of those that the caller may read in `children`. A
//! parent that is the resource itself or below it is 409 `misplaced`. A 412 has in `changed` the members that changed since
//! the tag in `If-Match`, where the model says `changes = N` and the log goes back so far; empty where only children came
//! between.
//!
//! Under `lock = own`, PUT and PATCH of the parent compare its own part of the tag; DELETE and reads compare all of it.
//!
//! # Batches
//! `POST /$batch` does all of its items or none, in their order (rule B1); [`Api::without_batches`] leaves it out.
//!
//! ```json
//! {"items": [
//!   {"id": "list", "method": "POST", "path": "/lists", "body": {"name": "Shopping"}},
//!   {"method": "PUT", "path": "/tasks/7", "headers": {"If-Match": "\"r1.…\""}, "body": {"title": "Milk", "list": "$list.id"}},
//!   {"method": "DELETE", "path": "/tasks/8", "headers": {"If-Match": "\"r1.…\""}}
//! ]}
//! ```
//!
//! An item is a request of its own in all but its connection: its path and method, the headers `Content-Type`, `If-Match`,
//! `If-None-Match`, `If-Unmodified-Since` and `Prefer`, and a JSON body. Who is asking is said by the request around it: the
//! hooks see each item with the other headers of that one. `Idempotency-Key` is for the batch as a whole. HEAD is a condition
//! without a write, and takes `If-Match` alone. The paths are those of the server, as in `Location`.
//!
//! * **Conditions** are compared with the state at the batch's start and what earlier items wrote directly. What the batch's
//!   writes touch fails none of them: a child can be changed and its parent deleted under the tags held before. A date, and
//!   `If-None-Match` with tags, can't be about what an earlier item writes: that is 400.
//! * **References**: `$name.id` as a segment of a path, or as a whole string in a body, is the id of the earlier item that has
//!   the `id` `name`; `$name.etag` as all of `If-Match` is the tag that it leaves. A `$` at the beginning of a segment or a
//!   string is written `$$`.
//! * **Done** is 200, `{"items": [{"id", "status", "headers", "body"}], "touched": [{"path", "before", "after"}]}`: each item as
//!   it would be answered alone, and the tags of what else changed. An item whose state the batch itself passed over has no tag.
//! * **Not done** is 409 `/problems/batch-failed`, whose member `items` has the answer to each item: its problem and the state
//!   that it met for each that is to blame, and 424 for all others. Nothing was written. All that is wrong is told at once.
//! * **Malformed** is 400 or 422, with a JSON Pointer to each mistake of form and each reference that is wrong.
//!
//! # PUT and RFC 9110 §9.3.4
//! Answers to PUT carry the tag although the server may have completed what was sent, which the letter of that section
//! forbids: they carry the representation as well, so whoever has the tag has what it stands for (rule T6).
//! [`Resource::strict_put`] keeps to the letter.
//!
//! # Another service's API
//! Where paths, bodies and the spelling of conditions are given, handlers are written by hand, and an [`Exchange`] does for
//! them what is hard about conditional requests, in a dialect: [`make_your_own_dialect`] begins with nothing.
//!
//! # Without the routes
//! [`IfHeaders`], [`IfMatch`] and [`IfNoneMatch`] extract conditions, [`Tagged`] is an answer with a tag that turns itself
//! into 304, with [`JsonBody`] for values, [`ConditionalLayer`] does so for handlers that know nothing of it, and
//! [`CodingTagLayer`] keeps tags right behind compression. [`CorsLayer`] lets browsers send conditions and read tags.
//! [`RequestBatch`] takes several requests in one, in the form of a dialect.

#[doc = include_str!("make_your_own_dialect.md")]
pub mod make_your_own_dialect {}

mod absent_body;
mod api;
mod authorize;
mod batch;
#[cfg(feature = "batch-json")]
mod batch_json;
#[cfg(feature = "batch-multipart")]
mod batch_multipart;
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
mod dialogue;
mod endpoint;
mod envelope;
mod exchange;
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
mod parameters;
mod patch;
mod place;
mod prefer;
mod problem;
mod registration;
mod registry;
mod request_batch;
mod request_url;
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
#[cfg(feature = "batch-json")]
pub use batch_json::{AtomicityGroups, BodyTypes, JsonBatch};
#[cfg(feature = "batch-multipart")]
pub use batch_multipart::{BoundaryPrefixes, ChangeSets, ContentIds, MultipartBatch};
pub use coding_layer::{Coding, CodingTag, CodingTagFuture, CodingTagLayer};
pub use conditional_layer::{Conditional, ConditionalFuture, ConditionalLayer};
pub use cors::{CorsLayer, CorsService};
pub use dialogue::Dialogue;
pub use exchange::{
    Change, DialectJson, Done, Exchange, Listed, NoneDone, Piece, Refused, Representation, State, Stored, Write,
};
pub use extract::{IfHeaders, IfMatch, IfNoneMatch, PreconditionRejection};
pub use json_body::JsonBody;
pub use limits::Limits;
pub use parameters::Parameters;
pub use request_batch::{OuterHeaders, RequestBatch, UnitStore};
pub use request_url::RequestUrl;
pub use resource::{Policy, Resource};
pub use tagged::Tagged;
