//! Events.

use std::borrow::Cow;

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse as _, Response},
};
use etag_axum::{Change, DialectJson, Exchange, Refused, Representation, Stored};
use etag_core::{RefusalKind, Snapshot, WriteKind};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json, value::RawValue};

use crate::{
    ids::{OWNER, calendar_id, is_event_id, key_in, new_id},
    members::{Members, invalid, required},
    model::{Calendar, Event, Fields},
    resources::{About, Body, PageQuery, answer, list},
    switches::{Deleted, SecondDelete, Switches},
    view::{View, object, time_of},
};

/// Events as the service shows them.
pub(crate) struct EventView;

impl View for EventView {
    type Row = Event;
    type Path = (String, String);
    const KIND: &'static str = "calendar#event";
    const MEMBERS: Members = Members {
        required: "start end",
        texts: "summary description location colorId status eventType transparency visibility \
            recurringEventId eventLabelId",
        numbers: "sequence",
        flags: "anyoneCanAddSelf attendeesOmitted endTimeUnspecified guestsCanInviteOthers \
            guestsCanModify guestsCanSeeOtherGuests privateCopy",
        lists: "attachments attendees recurrence",
        objects: "start end originalStartTime birthdayProperties conferenceData extendedProperties \
            focusTimeProperties gadget outOfOfficeProperties reminders source \
            workingLocationProperties",
    };

    fn key((calendar, id): Self::Path) -> Result<String, Refused> {
        key_in(&calendar, &id)
    }

    fn fields(row: &Event) -> Option<&Fields> {
        Some(&row.fields)
    }

    fn shown(row: &Event, switches: Switches) -> Result<&Fields, Refused> {
        match switches.deleted.deleted {
            Deleted::Gone => Ok(&live(row)?.fields),
            Deleted::Cancelled => Ok(&row.fields),
        }
    }

    fn with(row: &Event, fields: Fields) -> Event {
        Event { fields, ..row.clone() }
    }

    fn completed(mut fields: Fields) -> Result<Fields, Refused> {
        for name in ["start", "end"] {
            let time = &fields.0[name];
            if !time["date"].is_string() && !time["dateTime"].is_string() {
                return Err(required(&format!("{name} time")));
            }
        }
        let defaults = json!({
            "status": "confirmed", "sequence": 0, "eventType": "default", "reminders": { "useDefault": true },
        });
        for (name, default) in defaults.as_object().into_iter().flatten() {
            fields.0.entry(name).or_insert_with(|| default.clone());
        }
        let is_status = ["confirmed", "tentative", "cancelled"].contains(&fields.text("status"));
        if is_status { Ok(fields) } else { Err(invalid("status")) }
    }

    fn represented(state: &Stored<Event>) -> Result<Representation, Refused> {
        let (kept, head) = (state.view::<KeptEvent<'_>>()?, state.head());
        let event = object::<Self>(kept.fields)?.with("id", kept.id)?.with("iCalUID", kept.ical_uid)?;
        let event = event.with("creator", &Person::of(OWNER))?.with("organizer", &Person::of(&kept.calendar_id))?;
        event.with("created", &*time_of(head.created_at))?.with("updated", &*time_of(head.modified_at))
    }
}

/// What is kept of an event, as text but for what is looked at.
#[derive(Deserialize)]
struct KeptEvent<'s> {
    #[serde(borrow)]
    id: &'s RawValue,
    ical_uid: &'s RawValue,
    #[serde(borrow)]
    calendar_id: Cow<'s, str>,
    fields: &'s RawValue,
}

#[derive(Serialize)]
struct Person<'s> {
    email: &'s str,
    #[serde(rename = "self")]
    is_self: bool,
}

impl<'s> Person<'s> {
    /// Whoever's calendar it is.
    fn of(calendar: &'s str) -> Self {
        Self { email: calendar, is_self: calendar == OWNER }
    }
}

/// The world-wide id of an event that is born here.
pub(crate) fn world_wide(id: &str) -> String {
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

/// An insert has no conditional form: that an id is taken is all that stops it.
pub(crate) async fn create(
    exchange: Exchange,
    calendar: &str,
    id: String,
    ical_uid: String,
    body: &Body,
) -> Result<Response, Refused> {
    let fields = EventView::read(body)?;
    let calendar = exchange.get::<Calendar>(&calendar_id(calendar)?).await?.id.clone();
    let event = Event { key: key_in(&calendar, &id)?, calendar_id: calendar, id, ical_uid, fields };
    let exchange = exchange.without_conditions();
    let write = exchange.write::<Event>(WriteKind::Create, &event.key);
    answer::<EventView>(&exchange, write.run(|_| Ok(Change::put(event.clone()))).await?.stored()?)
}

/// What was deleted stays, as cancelled, and can't be deleted again.
pub(crate) async fn delete(
    exchange: Exchange,
    State(switches): State<Switches>,
    Path(path): Path<(String, String)>,
) -> Result<Response, Refused> {
    let key = EventView::key(path)?;
    if switches.deleted.second_delete == SecondDelete::Gone {
        live(exchange.get::<Event>(&key).await?.value())?;
    }
    let write = exchange.write::<Event>(WriteKind::Delete, &key);
    write.run(|event| Ok(Change::put(live(event.ok_or(RefusalKind::NotFound)?)?.cancelled()))).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// An event that was not deleted.
pub(crate) fn live(event: &Event) -> Result<&Event, Refused> {
    if event.is_cancelled() { Err(RefusalKind::Gone.into()) } else { Ok(event) }
}

/// A page of the events of a calendar, in the order in which they were inserted.
pub(crate) async fn list_all(
    exchange: Exchange,
    Path(calendar): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Response, Refused> {
    let calendar = exchange.get::<Calendar>(&calendar_id(&calendar)?).await?;
    let scan = query.scan::<Event>(&exchange)?.under("calendar", calendar.head().key.clone());
    let shows = |event: &Event| query.show_deleted || !event.is_cancelled();
    list::<EventView>(exchange, &scan, about(&calendar), shows).await
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
