//! What can be done with events besides reading and writing them.

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use etag_axum::{Change, DialectJson, Exchange, Parameters, Refused, Representation, Stored};
use etag_core::{Expectation, Refusal, RefusalKind, Row, Scan, Store as _, Versioned as _, WriteKind, put_document};
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::{
    events::{EventView, create, live, world_wide},
    ids::{OWNER, calendar_id, key_in, new_id},
    members::required,
    model::{Calendar, Event},
    resources::{Body, answer},
    switches::Switches,
    view::View as _,
};

/// How many events `clear` looks for at once.
const CLEARED_AT_ONCE: usize = 250;

/// POST of an event of another calendar system, which is known by its world-wide id.
///
/// `import` could be an event's id, so that this is what POST does with an event.
pub(crate) async fn import(
    exchange: Exchange,
    Path((calendar, action)): Path<(String, String)>,
    DialectJson(body): DialectJson<Body>,
) -> Result<Response, Refused> {
    if action != "import" {
        return Err(Refusal::method_not_allowed(&["GET", "PUT", "PATCH", "DELETE"]).into());
    }
    let ical_uid = body.get("iCalUID").and_then(Value::as_str).ok_or_else(|| required("iCalUID"))?.to_owned();
    let id = new_id(&exchange);
    create(exchange, &calendar, id, ical_uid, &body).await
}

/// POST of a text alone.
pub(crate) async fn quick_add(
    exchange: Exchange,
    Path(calendar): Path<String>,
    parameters: Parameters,
) -> Result<Response, Refused> {
    let body = of_text(&exchange, parameters.get("text").ok_or_else(|| required("text"))?);
    let id = new_id(&exchange);
    let ical_uid = world_wide(&id);
    create(exchange, &calendar, id, ical_uid, &body).await
}

/// The text is the title, and the event begins now and lasts an hour: times in the text are not looked for.
fn of_text(exchange: &Exchange, text: &str) -> Body {
    let start = Timestamp::try_from(exchange.environment().now()).unwrap_or_default();
    let end = start.saturating_add(SignedDuration::from_hours(1)).unwrap_or(start);
    let time = |at: Timestamp| json!({ "dateTime": format!("{at:.0}") });
    Body::from_iter([
        ("summary".to_owned(), text.into()),
        ("start".to_owned(), time(start)),
        ("end".to_owned(), time(end)),
    ])
}

/// POST that deletes all events of the owner's calendar, one after the other: those that come meanwhile may stay.
pub(crate) async fn clear(exchange: Exchange, Path(calendar): Path<String>) -> Result<Response, Refused> {
    let exchange = exchange.without_conditions();
    let calendar = exchange.get::<Calendar>(&calendar_id(&calendar)?).await?;
    if calendar.id != OWNER {
        return Err(Refused::invalid("Only the primary calendar can be cleared."));
    }
    let mut scan = Scan::new(Event::MODEL.collection, CLEARED_AT_ONCE).under("calendar", calendar.head().key.clone());
    loop {
        let page = exchange.store().scan_tags(&scan).await?;
        for entry in &page.items {
            let key = entry.id.to_string();
            let write = exchange.write::<Event>(WriteKind::Delete, &key);
            write.run(|event| Ok(Change::put(event.ok_or(RefusalKind::NotFound)?.cancelled()))).await?;
        }
        if page.next.is_none() {
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
        scan = scan.after(page.next);
    }
}

/// An event moves to another calendar, in one commit: it is cancelled here and comes to be there, or comes back.
pub(crate) async fn move_away(
    exchange: Exchange,
    Path((calendar, id)): Path<(String, String)>,
    parameters: Parameters,
) -> Result<Response, Refused> {
    let here = key_in(&calendar, &id)?;
    let destination = parameters.get("destination").ok_or_else(|| required("destination"))?;
    let destination = exchange.get::<Calendar>(&calendar_id(destination)?).await?.id.clone();
    let key = key_in(&destination, &id)?;
    let there = |event: &Event| Event { key: key.clone(), calendar_id: destination.clone(), ..event.clone() };
    let write = exchange.write::<Event>(WriteKind::Action, &here).run_async(async |event| {
        let (event, former) = (event.ok_or(RefusalKind::NotFound)?, exchange.find::<Event>(&key).await?);
        let event = live(&event)?;
        if former.as_ref().is_some_and(|former| !former.is_cancelled()) {
            return Err(RefusalKind::AlreadyExists.into());
        }
        let expectation = former.map_or(Expectation::Absent, |former| Expectation::At(former.revision()));
        Ok(Change::put(event.cancelled()).with(put_document(exchange.store(), &there(event), expectation)?))
    });
    let done = write.await?;
    let (from, written) = done.before.zip(done.others.into_iter().next()).ok_or(RefusalKind::Internal)?;
    let body = put_document(exchange.store(), &there(&from), Expectation::Absent)?.body;
    let head = written.head.ok_or(RefusalKind::Internal)?;
    answer::<EventView>(&exchange, &Stored::from_row(Row { head, body }))
}

/// The instances of an event: itself, since rules of recurrence are not expanded.
pub(crate) async fn instances(
    exchange: Exchange,
    State(switches): State<Switches>,
    Path((calendar, id)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let stored = exchange.fetch::<Event>(&key_in(&calendar, &id)?).await?;
    let event = stored.clone().decode()?;
    if EventView::shown(&event, switches)?.0.contains_key("recurrence") {
        return Err(Refused::invalid("The instances of a recurring event are not known here."));
    }
    let about = Representation::new().with("kind", "calendar#events")?.with("accessRole", "owner")?;
    let items = [exchange.represent(&stored, EventView::represented(&stored)?)?];
    exchange.read(&stored, about.with_list("items", items)?)
}
