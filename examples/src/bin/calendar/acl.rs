//! Who may do what with a calendar. The rules are kept; nobody is held to them.

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use etag_axum::{Change, DialectJson, Exchange, Refused};
use etag_core::{RefusalKind, Snapshot, WriteKind};
use http::StatusCode;
use serde_json::Value;

use crate::{
    ids::{calendar_id, key_in},
    members::{Members, invalid},
    model::{Calendar, Fields, Rule},
    resources::{About, Body, PageQuery, answer, list},
    view::View,
};

/// The role of a rule that was withdrawn.
const WITHDRAWN: &str = "none";

/// Rules as the service shows them.
pub(crate) struct RuleView;

impl View for RuleView {
    type Row = Rule;
    type Path = (String, String);
    const HIDES_SOME: bool = true;
    const KIND: &'static str = "calendar#aclRule";
    const MEMBERS: Members = Members { required: "role scope", texts: "role", objects: "scope", ..Members::NONE };

    fn key((calendar, id): Self::Path) -> Result<String, Refused> {
        key_in(&calendar, &id)
    }

    fn fields(row: &Rule) -> Option<&Fields> {
        Some(&row.fields).filter(|fields| fields.text("role") != WITHDRAWN)
    }

    /// The scope is what the rule is named by, and stays.
    fn with(row: &Rule, fields: Fields) -> Rule {
        Rule { fields: row.fields.with("role", fields.text("role")), ..row.clone() }
    }

    fn completed(fields: Fields) -> Result<Fields, Refused> {
        let roles = [WITHDRAWN, "freeBusyReader", "reader", "writer", "writerWithoutPrivateAccess", "owner"];
        if roles.contains(&fields.text("role")) { Ok(fields) } else { Err(invalid("role")) }
    }
}

/// POST of a rule; one for the same scope is replaced.
pub(crate) async fn insert(
    exchange: Exchange,
    Path(calendar): Path<String>,
    DialectJson(body): DialectJson<Body>,
) -> Result<Response, Refused> {
    let calendar = exchange.get::<Calendar>(&calendar_id(&calendar)?).await?.id.clone();
    let fields = RuleView::read(&body)?;
    let id = id_of(&fields.0["scope"]).ok_or_else(|| invalid("scope"))?;
    let key = key_in(&calendar, &id).map_err(|_| invalid("scope"))?;
    let rule = Rule { key, calendar_id: calendar, id, fields };
    let exchange = exchange.without_conditions();
    let write = exchange.write::<Rule>(WriteKind::Replace, &rule.key);
    answer::<RuleView>(&exchange, write.run(|_| Ok(Change::put(rule.clone()))).await?.stored()?)
}

/// `default`, or the type and whom of it.
fn id_of(scope: &Value) -> Option<String> {
    match (scope["type"].as_str()?, scope["value"].as_str()) {
        ("default", _) => Some("default".to_owned()),
        (scope @ ("user" | "group" | "domain"), Some(value)) => Some(format!("{scope}:{value}")),
        _ => None,
    }
}

/// A rule is withdrawn.
pub(crate) async fn delete(exchange: Exchange, Path(path): Path<(String, String)>) -> Result<Response, Refused> {
    let key = RuleView::key(path)?;
    let write = exchange.write::<Rule>(WriteKind::Delete, &key).run(|rule| match rule.map(Snapshot::value) {
        Some(rule) if RuleView::fields(rule).is_some() => {
            Ok(Change::put(Rule { fields: rule.fields.with("role", WITHDRAWN), ..rule.clone() }))
        }
        _ => Err(RefusalKind::NotFound.into()),
    });
    write.await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A page of the rules of a calendar.
pub(crate) async fn list_all(
    exchange: Exchange,
    Path(calendar): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Response, Refused> {
    let calendar = exchange.get::<Calendar>(&calendar_id(&calendar)?).await?;
    let scan = query.scan::<Rule>(&exchange)?.under("calendar", calendar.head().key.clone());
    list::<RuleView>(exchange, &scan, About::kind("calendar#acl"), |_| true).await
}
