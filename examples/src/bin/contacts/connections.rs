//! The list of all contacts.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse as _, Response},
};
use etag_axum::{Exchange, Parameters, Refused, Representation};

use crate::{
    error_format::expired_sync_token,
    lagging::Lagging,
    masks::Mask,
    model::Contact,
    pages::{scan, total},
    person::person,
    switches::Reader,
};

/// The one sync token there is. It has always expired, which sends clients to the whole list again.
const SYNC_TOKEN: &str = "expired";

/// `GET /v1/people/me/connections`
pub(crate) async fn list(
    exchange: Exchange,
    State(seen): State<Lagging>,
    parameters: Parameters,
) -> Result<Response, Refused> {
    let fields = Mask::demanded("personFields", parameters.get("personFields"))?;
    if parameters.get("syncToken").is_some_and(|token| !token.is_empty()) {
        return Err(expired_sync_token().into());
    }
    let page = seen.page(Reader::List, &scan::<Contact>(&exchange, &parameters)?).await?;
    let exchange = exchange.selecting(fields.selection());
    let connections = page.items.iter().map(|contact| person(&exchange, contact, &fields));
    let connections = connections.collect::<Result<Vec<_>, _>>()?;
    let total = total::<Contact>(&exchange).await?;
    let list = Representation::new().with_list("connections", connections)?;
    let list = list.with("totalPeople", &total)?.with("totalItems", &total)?;
    let list = match page.next {
        Some(next) => list.with("nextPageToken", &exchange.place::<Contact>(next))?,
        None if parameters.get("requestSyncToken") == Some("true") => list.with("nextSyncToken", SYNC_TOKEN)?,
        None => list,
    };
    Ok(Json(list).into_response())
}
