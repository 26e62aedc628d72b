//! Reads, changes and deletes, the same for all kinds of resources.

use axum::{
    extract::Path,
    response::{IntoResponse as _, Response},
};
use etag_axum::{Change, DialectJson, Done, Refused};
use etag_core::{RefusalKind, Snapshot, WriteKind};
use http::StatusCode;

use crate::{
    body::Members,
    dialect::NOT_EMPTY,
    entity::{self, Entity},
    id::PlannerId,
    rules::First,
    scene::Scene,
};

pub(crate) async fn read<T: Entity>(scene: Scene, Path(id): Path<PlannerId>) -> Result<Response, Refused> {
    let exchange = scene.rules.conditions.of_read(scene.exchange);
    let state = exchange.fetch::<T>(&id).await?;
    exchange.read(&state, &state)
}

pub(crate) async fn patch<T: Entity>(
    scene: Scene,
    Path(id): Path<PlannerId>,
    DialectJson(body): DialectJson<Members>,
) -> Result<Response, Refused> {
    let (scene, changes) = (&scene, &entity::changes::<T>(body));
    if scene.rules.conditions.first == First::Values {
        change(scene, scene.exchange.get::<T>(&id).await?, changes).await?;
    }
    let write = scene.write::<T>(WriteKind::Update, &id).changing(entity::paths::<T>(changes, scene));
    let done = write.run_async(async |before| change(scene, before.ok_or(RefusalKind::NotFound)?, changes).await);
    changed(scene, &done.await?)
}

async fn change<T: Entity>(scene: &Scene, before: Snapshot<T>, changes: &Members) -> Result<Change<T>, Refused> {
    let after = entity::changed(before.value(), changes, scene)?;
    let along = after.along(changes, scene).await?;
    Ok(along.into_iter().fold(Change::put(after), Change::with))
}

/// The answer to a change: what it left, for whoever wants it, and nothing else.
fn changed<T: Entity>(scene: &Scene, done: &Done<T>) -> Result<Response, Refused> {
    let (exchange, rules, state) = (&scene.exchange, &scene.rules.answers, done.stored()?);
    let is_preferred = exchange.wants_representation();
    if !rules.are_whole(is_preferred) {
        return Ok(exchange.bare(StatusCode::NO_CONTENT, state));
    }
    let answer = exchange.answer(StatusCode::OK, state, state)?;
    let is_told = is_preferred && rules.tell_preferences();
    Ok(if is_told { exchange.applied(answer, "return=representation") } else { answer })
}

pub(crate) async fn delete<T: Entity>(scene: Scene, Path(id): Path<PlannerId>) -> Result<Response, Refused> {
    scene.write::<T>(WriteKind::Delete, &id).run(|_| Ok(Change::delete())).await.map_err(tell_what_is_in_it)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Conflicts with other changes have the service's words; that the store has words of its own is since something is in it.
fn tell_what_is_in_it(Refused(mut refusal): Refused) -> Refused {
    if refusal.kind == RefusalKind::Conflicting && refusal.message.is_some() {
        refusal.code = Some(NOT_EMPTY.into());
    }
    Refused(refusal)
}
