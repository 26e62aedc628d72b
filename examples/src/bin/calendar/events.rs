//! Events.

use axum::{
    Extension,
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use etag_axum::{Change, DialectJson, Exchange, Refused};
use etag_core::{
    Expectation, Refusal, RefusalKind, Scan, Snapshot, Store as _, Versioned as _, WriteKind, put_document,
};
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    ids::{OWNER, calendar_id, is_event_id, key_in, new_id},
    members::{Members, invalid, required},
    model::{Calendar, Event, Fields},
    resources::{About, Body, PageQuery, answer, list},
    switches::Switches,
    view::{self, View, time_of},
};

/// How many events `clear` looks for at once.
const CLEARED_AT_ONCE: usize = 250;

/// Events as the service shows them.
pub(crate) struct EventView;

impl View for EventView {
    type Row = Event;
    type Path = (String, String);
    const KIND: &'static str = "calendar#event";
    const MEMBERS: Members = Members {
        required: &["start", "end"],
        texts: &[
            "summary",
            "description",
            "location",
            "colorId",
            "status",
            "eventType",
            "transparency",
            "visibility",
            "recurringEventId",
            "eventLabelId",
        ],
        numbers: &["sequence"],
        flags: &[
            "anyoneCanAddSelf",
            "attendeesOmitted",
            "endTimeUnspecified",
            "guestsCanInviteOthers",
            "guestsCanModify",
            "guestsCanSeeOtherGuests",
            "privateCopy",
        ],
        lists: &["attachments", "attendees", "recurrence"],
        objects: &[
            "start",
            "end",
            "originalStartTime",
            "birthdayProperties",
            "conferenceData",
            "extendedProperties",
            "focusTimeProperties",
            "gadget",
            "outOfOfficeProperties",
            "reminders",
            "source",
            "workingLocationProperties",
        ],
    };

    fn key((calendar, id): Self::Path) -> Result<String, Refused> {
        key_in(&calendar, &id)
    }

    fn fields(row: &Event) -> Option<&Fields> {
        Some(&row.fields)
    }

    fn with(row: &Event, fields: Fields) -> Event {
        Event { fields, ..row.clone() }
    }

    fn check(fields: &Fields) -> Result<(), Refused> {
        for name in ["start", "end"] {
            let time = &fields.0[name];
            if !time["date"].is_string() && !time["dateTime"].is_string() {
                return Err(required(&format!("{name} time")));
            }
        }
        let status = fields.text("status");
        if ["", "confirmed", "tentative", "cancelled"].contains(&status) { Ok(()) } else { Err(invalid("status")) }
    }

    fn complete(state: &Snapshot<Event>, body: &mut Map<String, Value>) {
        let owner = json!({ "email": OWNER, "self": true });
        let usual = json!({ "status": "confirmed", "sequence": 0, "eventType": "default", "reminders": { "useDefault": true } });
        let known = json!({
            "id": state.id, "iCalUID": state.ical_uid, "creator": owner, "organizer": organizer(state),
            "created": time_of(state.head().created_at), "updated": time_of(state.head().modified_at),
        });
        for (name, value) in usual.as_object().into_iter().flatten() {
            body.entry(name).or_insert_with(|| value.clone());
        }
        body.extend(known.as_object().cloned().into_iter().flatten());
    }
}

/// Whoever's calendar it is in.
fn organizer(event: &Event) -> Value {
    json!({ "email": event.calendar_id, "self": event.calendar_id == OWNER })
}

/// The world-wide id of an event that is born here.
fn world_wide(id: &str) -> String {
    format!("{id}@google.com")
}

/// POST of an event, whose id the client may choose.
pub(crate) async fn insert(
    exchange: Exchange,
    Path(calendar): Path<String>,
    DialectJson(body): DialectJson<Body>,
) -> Result<Response, Refused> {
    let id = match body.get("id").filter(|id| !id.is_null()) {
        None => new_id(&exchange),
        Some(id) => id.as_str().filter(|id| is_event_id(id)).ok_or_else(|| invalid("id"))?.to_owned(),
    };
    let ical_uid = body.get("iCalUID").and_then(Value::as_str).map_or_else(|| world_wide(&id), str::to_owned);
    create(exchange, &calendar, id, ical_uid, &body).await
}

/// POST of an event of another calendar system, which is known by its world-wide id.
///
/// `import` could be an event's id, so that this is what POST does with an event.
pub(crate) async fn import(
    exchange: Exchange,
    Path((calendar, action)): Path<(String, String)>,
    DialectJson(body): DialectJson<Body>,
) -> Result<Response, Refused> {
    if action != "import" {
        return Err(RefusalKind::MethodNotAllowed.into());
    }
    let ical_uid = body.get("iCalUID").and_then(Value::as_str).ok_or_else(|| required("iCalUID"))?.to_owned();
    let id = new_id(&exchange);
    create(exchange, &calendar, id, ical_uid, &body).await
}

/// POST of a text alone.
pub(crate) async fn quick_add(
    exchange: Exchange,
    Path(calendar): Path<String>,
    Query(query): Query<QuickAdd>,
) -> Result<Response, Refused> {
    let body = of_text(&exchange, &query.text.ok_or_else(|| required("text"))?);
    let id = new_id(&exchange);
    let ical_uid = world_wide(&id);
    create(exchange, &calendar, id, ical_uid, &body).await
}

/// The text of `quickAdd`.
#[derive(Deserialize)]
pub(crate) struct QuickAdd {
    text: Option<String>,
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

/// An insert has no conditional form: that an id is taken is all that stops it.
async fn create(
    exchange: Exchange,
    calendar: &str,
    id: String,
    ical_uid: String,
    body: &Body,
) -> Result<Response, Refused> {
    let fields = EventView::MEMBERS.read(body)?;
    EventView::check(&fields)?;
    let calendar = exchange.get::<Calendar>(&calendar_id(calendar)?).await?.id.clone();
    let event = Event { key: key_in(&calendar, &id)?, calendar_id: calendar, id, ical_uid, fields };
    let write = exchange.write::<Event>(WriteKind::Create, &event.key).unconditionally();
    answer::<EventView>(&exchange, write.run(|_| Ok(Change::put(event.clone()))).await?.state()?)
}

/// What was deleted stays, as cancelled, and can't be deleted again.
pub(crate) async fn delete(exchange: Exchange, Path(path): Path<(String, String)>) -> Result<Response, Refused> {
    let key = EventView::key(path)?;
    let write = exchange.write::<Event>(WriteKind::Delete, &key);
    write.run(|event| Ok(Change::put(live(event)?.cancelled()))).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn live(event: Option<&Snapshot<Event>>) -> Result<&Event, Refused> {
    match event.map(Snapshot::value) {
        None => Err(RefusalKind::NotFound.into()),
        Some(event) if event.is_cancelled() => Err(RefusalKind::Gone.into()),
        Some(event) => Ok(event),
    }
}

/// POST that deletes all events of the owner's calendar, one after the other: those that come meanwhile may stay.
pub(crate) async fn clear(exchange: Exchange, Path(calendar): Path<String>) -> Result<Response, Refused> {
    let calendar = exchange.get::<Calendar>(&calendar_id(&calendar)?).await?;
    if calendar.id != OWNER {
        return Err(Refusal::new(RefusalKind::Invalid).saying("Only the primary calendar can be cleared.").into());
    }
    let mut scan = Scan::new(Event::MODEL.collection, CLEARED_AT_ONCE).under("calendar", calendar.head().key.clone());
    loop {
        let page = exchange.store().scan_tags(&scan).await?;
        for entry in &page.items {
            let key = entry.id.to_string();
            let write = exchange.write::<Event>(WriteKind::Delete, &key).unconditionally();
            write.run(|event| Ok(Change::put(event.ok_or(RefusalKind::NotFound)?.cancelled()))).await?;
        }
        if page.next.is_none() {
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
        scan = scan.after(page.next);
    }
}

/// Where an event moves to.
#[derive(Deserialize)]
pub(crate) struct Move {
    destination: Option<String>,
}

/// An event moves to another calendar, in one commit: it is cancelled here and comes to be there, or comes back.
pub(crate) async fn move_away(
    exchange: Exchange,
    Path((calendar, id)): Path<(String, String)>,
    Query(query): Query<Move>,
) -> Result<Response, Refused> {
    let (here, destination) = (key_in(&calendar, &id)?, query.destination.ok_or_else(|| required("destination"))?);
    let destination = exchange.get::<Calendar>(&calendar_id(&destination)?).await?;
    let key = key_in(&destination.id, &id)?;
    let former = exchange.find::<Event>(&key).await?;
    let expectation = former.as_ref().map_or(Expectation::Absent, |former| Expectation::At(former.revision()));
    let mut moved = None;
    let write = exchange.write::<Event>(WriteKind::Action, &here).run(|event| {
        let event = live(event)?;
        if former.as_ref().is_some_and(|former| !former.is_cancelled()) {
            return Err(RefusalKind::AlreadyExists.into());
        }
        let there = Event { key: key.clone(), calendar_id: destination.id.clone(), ..event.clone() };
        let put = put_document(exchange.store(), &there, expectation.clone())?;
        moved = Some(there);
        Ok(Change::put(event.cancelled()).with(put))
    });
    let head = write.await?.others.into_iter().next().and_then(|written| written.head);
    let (head, moved) = head.zip(moved).ok_or(RefusalKind::Internal)?;
    answer::<EventView>(&exchange, &Snapshot::new(moved, head))
}

/// A page of the events of a calendar, in the order in which they were inserted.
pub(crate) async fn list_all(
    exchange: Exchange,
    Extension(switches): Extension<Switches>,
    Path(calendar): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Response, Refused> {
    let calendar = exchange.get::<Calendar>(&calendar_id(&calendar)?).await?;
    let scan = query.scan::<Event>(&exchange)?.under("calendar", calendar.head().key.clone());
    let shows = |event: &Event| query.show_deleted || !event.is_cancelled();
    list::<EventView>(exchange, switches, &scan, about(&calendar), shows).await
}

/// What a list of events says of its calendar.
fn about(calendar: &Snapshot<Calendar>) -> About<'_> {
    let mut body = calendar.fields.0.clone();
    body.retain(|name, _| ["summary", "description", "timeZone"].contains(&&**name));
    body.insert("kind".to_owned(), "calendar#events".into());
    body.insert("updated".to_owned(), time_of(calendar.head().modified_at).into());
    body.insert("accessRole".to_owned(), "owner".into());
    About { body, beside: vec![calendar.head()] }
}

/// The instances of an event: itself, since rules of recurrence are not expanded.
pub(crate) async fn instances(
    exchange: Exchange,
    Path((calendar, id)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let event = exchange.get::<Event>(&key_in(&calendar, &id)?).await?;
    if event.fields.0.contains_key("recurrence") {
        let message = "The instances of a recurring event are not known here.";
        return Err(Refusal::new(RefusalKind::Invalid).saying(message).into());
    }
    let items = [exchange.represent(&event, &view::body::<EventView>(&event))?];
    exchange.read(&event, &json!({ "kind": "calendar#events", "accessRole": "owner", "items": items }))
}
