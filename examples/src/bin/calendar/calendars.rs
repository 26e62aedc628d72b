//! Calendars, and the list of them.

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use etag_axum::{Change, DialectJson, Exchange, Refused, Representation, Stored};
use etag_core::{RefusalKind, Snapshot, WriteKind};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use crate::{
    ids::{OWNER, calendar_id, new_id},
    members::{Members, required},
    model::{Calendar, Fields},
    resources::{About, Body, PageQuery, answer, list},
    view::{View, object},
};

/// Calendars as the service shows them.
pub(crate) struct CalendarView;

impl View for CalendarView {
    type Row = Calendar;
    type Path = String;
    const KIND: &'static str = "calendar#calendar";
    const MEMBERS: Members = Members {
        required: "summary",
        texts: "summary description location timeZone",
        flags: "autoAcceptInvitations",
        objects: "conferenceProperties labelProperties workingHours",
        ..Members::NONE
    };

    fn key(path: String) -> Result<String, Refused> {
        calendar_id(&path)
    }

    fn fields(row: &Calendar) -> Option<&Fields> {
        Some(&row.fields)
    }

    fn with(row: &Calendar, fields: Fields) -> Calendar {
        Calendar { fields, ..row.clone() }
    }
}

/// POST of a calendar, which is listed from the start.
pub(crate) async fn insert(exchange: Exchange, DialectJson(body): DialectJson<Body>) -> Result<Response, Refused> {
    let id = format!("{}@group.calendar.google.com", new_id(&exchange));
    let calendar = Calendar { id, fields: CalendarView::read(&body)?, listed: Some(Fields::default()) };
    let exchange = exchange.without_conditions();
    let write = exchange.write::<Calendar>(WriteKind::Create, &calendar.id);
    answer::<CalendarView>(&exchange, write.run(|_| Ok(Change::put(calendar.clone()))).await?.stored()?)
}

/// A calendar goes with all that is in it. The owner's own stays.
pub(crate) async fn delete(exchange: Exchange, Path(path): Path<String>) -> Result<Response, Refused> {
    let id = calendar_id(&path)?;
    let write = exchange.write::<Calendar>(WriteKind::Delete, &id).run(|_| match &*id {
        OWNER => Err(Refused::invalid("Cannot delete the primary calendar.")),
        _ => Ok(Change::delete()),
    });
    write.await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Entries of the list of calendars as the service shows them.
pub(crate) struct EntryView;

impl View for EntryView {
    type Row = Calendar;
    type Path = String;
    const HIDES_SOME: bool = true;
    const KIND: &'static str = "calendar#calendarListEntry";
    const MEMBERS: Members = Members {
        texts: "backgroundColor foregroundColor colorId summaryOverride",
        flags: "hidden selected",
        lists: "defaultReminders",
        objects: "notificationSettings",
        ..Members::NONE
    };

    fn key(path: String) -> Result<String, Refused> {
        calendar_id(&path)
    }

    fn fields(row: &Calendar) -> Option<&Fields> {
        row.listed.as_ref()
    }

    fn with(row: &Calendar, fields: Fields) -> Calendar {
        Calendar { listed: Some(fields), ..row.clone() }
    }

    fn represented(state: &Stored<Calendar>) -> Result<Representation, Refused> {
        let (kept, is_primary) = (state.view::<KeptEntry<'_>>()?, state.head().key.id() == OWNER);
        let entry = object::<Self>(kept.fields)?.with_all(kept.listed)?.with("id", kept.id)?;
        let entry = entry.with("accessRole", "owner")?;
        if is_primary { entry.with("primary", &true) } else { Ok(entry) }
    }
}

/// What is kept of a calendar in the list, as text.
#[derive(Deserialize)]
struct KeptEntry<'s> {
    #[serde(borrow)]
    id: &'s RawValue,
    fields: &'s RawValue,
    listed: &'s RawValue,
}

/// POST of a calendar's id lists it again.
pub(crate) async fn enlist(exchange: Exchange, DialectJson(body): DialectJson<Body>) -> Result<Response, Refused> {
    let id = calendar_id(body.get("id").and_then(Value::as_str).ok_or_else(|| required("id"))?)?;
    let fields = EntryView::read(&body)?;
    let exchange = exchange.without_conditions();
    let write =
        exchange.write::<Calendar>(WriteKind::Action, &id).run(|calendar| match calendar.map(Snapshot::value) {
            Some(calendar) if calendar.listed.is_none() => Ok(Change::put(EntryView::with(calendar, fields.clone()))),
            _ => Err(RefusalKind::AlreadyExists.into()),
        });
    answer::<EntryView>(&exchange, write.await?.stored()?)
}

/// A calendar leaves the list and stays.
pub(crate) async fn delist(exchange: Exchange, Path(path): Path<String>) -> Result<Response, Refused> {
    let id = calendar_id(&path)?;
    let write =
        exchange.write::<Calendar>(WriteKind::Delete, &id).run(|calendar| match calendar.map(Snapshot::value) {
            Some(calendar) if calendar.listed.is_some() => {
                Ok(Change::put(Calendar { listed: None, ..calendar.clone() }))
            }
            _ => Err(RefusalKind::NotFound.into()),
        });
    write.await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A page of the calendars that are listed.
pub(crate) async fn list_all(exchange: Exchange, Query(query): Query<PageQuery>) -> Result<Response, Refused> {
    let scan = query.scan::<Calendar>(&exchange)?;
    let is_hidden =
        |calendar: &Calendar| calendar.listed.as_ref().is_some_and(|entry| entry.0.get("hidden") == Some(&true.into()));
    let shows = |calendar: &Calendar| query.show_hidden || !is_hidden(calendar);
    list::<EntryView>(exchange, &scan, About::kind("calendar#calendarList"), shows).await
}
