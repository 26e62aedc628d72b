//! What an account has before its owner does anything: a calendar, and settings, which only the service's own pages change.

use axum::{extract::Query, response::Response};
use etag_axum::{Exchange, Refused};
use etag_core::{Document, Error, ErrorKind, Store, StoreExt as _};

use crate::{
    ids::{OWNER, named},
    members::Members,
    model::{Calendar, Fields, Setting},
    resources::{About, PageQuery, list},
    view::View,
};

const SETTINGS: [(&str, &str); 4] =
    [("format24HourTime", "true"), ("locale", "en"), ("timezone", "UTC"), ("weekStart", "1")];

/// Makes what is missing.
///
/// # Errors
/// Faults of the store.
pub(crate) async fn open(store: &dyn Store) -> Result<(), Error> {
    let fields = Fields::default().with("summary", OWNER).with("timeZone", "UTC");
    ensure(store, &Calendar { id: OWNER.to_owned(), fields, listed: Some(Fields::default()) }).await?;
    for (id, value) in SETTINGS {
        let fields = Fields::default().with("value", value);
        ensure(store, &Setting { id: id.to_owned(), fields }).await?;
    }
    Ok(())
}

async fn ensure<T: Document>(store: &dyn Store, value: &T) -> Result<(), Error> {
    match store.create(value).await {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Settings as the service shows them.
pub(crate) struct SettingView;

impl View for SettingView {
    type Row = Setting;
    type Path = String;
    const KIND: &'static str = "calendar#setting";
    const MEMBERS: Members = Members { texts: "value", ..Members::NONE };

    fn key(path: String) -> Result<String, Refused> {
        named(&path)
    }

    fn fields(row: &Setting) -> Option<&Fields> {
        Some(&row.fields)
    }

    fn with(row: &Setting, fields: Fields) -> Setting {
        Setting { fields, ..row.clone() }
    }
}

/// A page of the settings.
pub(crate) async fn list_settings(exchange: Exchange, Query(query): Query<PageQuery>) -> Result<Response, Refused> {
    let scan = query.scan::<Setting>(&exchange)?;
    list::<SettingView>(exchange, &scan, About::kind("calendar#settings"), |_| true).await
}
