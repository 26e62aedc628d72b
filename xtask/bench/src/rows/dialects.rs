//! What a dialect costs by itself: the same handlers under the standard's and under one like OData's, in process.

use std::path::Path;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Path as PathOf,
    http::{HeaderValue, Request, StatusCode, header},
    response::Response,
    routing::get,
};
use etag_axum::{Api, Change, DialectJson, Dialogue, Exchange, Refused, Resource};
use etag_core::{
    Comparison, Dialect, ETag, Head, MemoryStore, Model, RefusalKind, StoreExt as _, TagCodec, TagMember, TagPlacement,
    TagText, WriteKind,
};
use tower::ServiceExt as _;
use uuid::Uuid;

use super::Group;
use crate::{
    clock::Clock,
    measure::{Side, Sides, awaiting},
    model::Task,
    pace::Kind,
    place::one_thread,
    row::{Row, Target},
    service::Service,
};

pub(crate) fn group() -> Group {
    let rows = vec![
        beside_standard("dialect-200", "200", |dialect| reading(handlers(dialect)).answers(StatusCode::OK)),
        beside_standard("dialect-304", "304", |dialect| reading(handlers(dialect)).again().answers(NOT_MODIFIED)),
        beside_standard("dialect-patch", "PATCH", |dialect| patching(handlers(dialect))),
        beside_api("exchange-200", "200", |router| reading(router).answers(StatusCode::OK)),
        beside_api("exchange-304", "304", |router| reading(router).again().answers(NOT_MODIFIED)),
        beside_api("exchange-patch", "PATCH", patching),
    ];
    Group { title: "Dialects in process", notes: NOTES, rows }
}

const NOTES: &str = "Handlers of one's own with `Exchange`, over a memory store that holds a task of 500 bytes; PATCH \
is under the tag of the last answer. The first rows are what a dialect costs: the same handlers speak the standard's \
on one side, and on the other one whose weak tags are row versions, in the header and as `@odata.etag`. The last rows \
are what it costs to write handlers instead of taking `Api`, both in the standard's dialect, and both with what is \
stored as the answer.";

const NOT_MODIFIED: StatusCode = StatusCode::NOT_MODIFIED;

fn beside_standard(id: &'static str, what: &str, side: impl Fn(Dialect) -> Side + 'static) -> Row {
    Row::new(id, Kind::Requests, format!("{what}, a dialect"), "RFC 9110")
        .target(Target::AtMost(1.1))
        .sides(move |_: &Path| Sides::new(side(Dialect::RFC_9110), side(ROW_VERSIONS)))
}

fn beside_api(id: &'static str, what: &str, side: impl Fn(Router) -> Side + 'static) -> Row {
    Row::new(id, Kind::Requests, format!("{what}, `Exchange`"), "`Api`")
        .sides(move |_: &Path| Sides::new(side(api()), side(handlers(Dialect::RFC_9110))))
}

const ROW_VERSIONS: Dialect = Dialect {
    name: "row versions",
    codec: &RowVersions,
    comparison: Comparison::Weak,
    tag_placement: TagPlacement::HeaderAndMember(TagMember::new("@odata.etag", TagText::Quoted)),
    ..Dialect::RFC_9110
};

#[derive(Debug)]
struct RowVersions;

impl TagCodec for RowVersions {
    fn encode(&self, _model: &Model, head: &Head) -> ETag {
        ETag::weak(head.revision.sequence().to_string()).expect("digits make a tag")
    }
}

fn store() -> MemoryStore {
    let store = MemoryStore::new();
    one_thread().block_on(store.create(&Task::of_size(500))).expect("the store is empty");
    store
}

fn api() -> Router {
    Api::new(store()).resource(Resource::<Task>::new()).router()
}

fn handlers(dialect: Dialect) -> Router {
    Dialogue::new(store(), dialect).serve(Router::new().route("/tasks/{id}", get(read).patch(patch)))
}

async fn read(exchange: Exchange, PathOf(id): PathOf<Uuid>) -> Result<Response, Refused> {
    let task = exchange.fetch::<Task>(&id).await?;
    exchange.read(&task, &task)
}

#[derive(serde::Deserialize)]
struct Renamed {
    title: String,
}

async fn patch(
    exchange: Exchange,
    PathOf(id): PathOf<Uuid>,
    DialectJson(renamed): DialectJson<Renamed>,
) -> Result<Response, Refused> {
    let write = exchange.write::<Task>(WriteKind::Update, &id);
    let done = write.run(|task| {
        let task = task.ok_or(RefusalKind::NotFound)?.value().clone();
        Ok(Change::put(Task { title: renamed.title.clone(), ..task }))
    });
    let done = done.await?;
    let task = done.stored()?;
    exchange.answer(StatusCode::OK, task, task)
}

fn reading(router: Router) -> Service {
    Service::reading(Task::of_size(500).id, one_thread(), Clock::Thread, router)
}

/// Each write names the tag of the answer before.
fn patching(router: Router) -> Side {
    let path = format!("/tasks/{}", Task::of_size(500).id);
    let runtime = one_thread();
    let mut tag = reading(router.clone()).tag();
    let mut writes = 0_u64;
    awaiting(Clock::Thread, runtime, async move || {
        writes += 1;
        let request = patch_of(&path, &tag, writes);
        let answer = router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        assert_eq!(answer.status(), StatusCode::OK);
        tag = answer.headers().get(header::ETAG).expect("our answers have a tag").clone();
        to_bytes(answer.into_body(), usize::MAX).await.expect("the body is in memory");
    })
}

fn patch_of(path: &str, tag: &HeaderValue, write: u64) -> Request<Body> {
    let body = format!(r#"{{"title":"Write the release notes, take {write:07}"}}"#);
    let request = Request::patch(path).header(header::IF_MATCH, tag);
    let request = request.header(header::CONTENT_TYPE, "application/merge-patch+json");
    request.body(body.into()).expect("the path is a URI")
}
