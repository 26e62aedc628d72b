//! Reads, changes and deletes, the same for all kinds of resources.

use std::sync::Arc;

use axum::{
    Extension,
    extract::Path,
    response::{IntoResponse as _, Response},
};
use etag_axum::{Change, DialectJson, Done, Exchange, Refused};
use etag_core::{RefusalKind, WriteKind};
use http::StatusCode;

use crate::{
    body::Members,
    entity::{self, Entity, Scene},
    id::PlannerId,
    rules::Rules,
};

pub(crate) async fn read<T: Entity>(exchange: Exchange, Path(id): Path<PlannerId>) -> Result<Response, Refused> {
    let state = exchange.fetch::<T>(&id).await?;
    exchange.read(&state, &state)
}

pub(crate) async fn patch<T: Entity>(
    exchange: Exchange,
    Extension(rules): Extension<Arc<Rules>>,
    Path(id): Path<PlannerId>,
    DialectJson(body): DialectJson<Members>,
) -> Result<Response, Refused> {
    let (changes, scene) = (entity::changes::<T>(body), Scene::of(&exchange, &rules));
    let write = exchange.write::<T>(WriteKind::Update, &id).changing(entity::paths::<T>(&changes));
    let done = write
        .run(|before| {
            let before = before.ok_or(RefusalKind::NotFound)?;
            Ok(Change::put(entity::changed(before.value(), &changes, &scene)?))
        })
        .await?;
    changed(&exchange, &done)
}

/// The answer to a change: what it left, for whoever wants it, and nothing else.
pub(crate) fn changed<T: Entity>(exchange: &Exchange, done: &Done<T>) -> Result<Response, Refused> {
    let state = done.stored()?;
    if !exchange.wants_representation() {
        return Ok(exchange.bare(StatusCode::NO_CONTENT, state));
    }
    let answer = exchange.answer(StatusCode::OK, state, state)?;
    Ok(exchange.applied(answer, "return=representation"))
}

pub(crate) async fn delete<T: Entity>(exchange: Exchange, Path(id): Path<PlannerId>) -> Result<Response, Refused> {
    exchange.write::<T>(WriteKind::Delete, &id).run(|_| Ok(Change::delete())).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
