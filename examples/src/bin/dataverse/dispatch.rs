//! From a path and a method to what is done.

use axum::{
    extract::{FromRequest as _, Path, Request, State},
    response::Response,
};
use etag_axum::{DialectJson, Dialogue, Refused};
use etag_core::Refusal;
use http::{HeaderName, HeaderValue, Method, header::CONTENT_TYPE};

use crate::{
    address::Address,
    call::Call,
    columns::Columns,
    errors, metadata, properties, rows,
    tables::{Account, Annotation, Contact, Set, Table},
};

const ODATA_VERSION: HeaderName = HeaderName::from_static("odata-version");

/// Any request below the service's root: keys stand in parentheses, which routes can't say.
pub(crate) async fn dispatch(
    call: Call,
    State(dialogue): State<Dialogue>,
    Path((_version, path)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Refused> {
    if let Some(definition) = metadata::definition(&call, &path) {
        return if request.method() == Method::GET { definition } else { Err(only(&["GET"])) };
    }
    let address = Address::parse(&path, call.guids())?;
    match address.set {
        Set::Accounts => answer::<Account>(call, &dialogue, &address, request).await,
        Set::Contacts => answer::<Contact>(call, &dialogue, &address, request).await,
        Set::Annotations => answer::<Annotation>(call, &dialogue, &address, request).await,
    }
}

async fn answer<T: Table>(
    call: Call,
    dialogue: &Dialogue,
    address: &Address,
    request: Request,
) -> Result<Response, Refused> {
    let method = request.method().clone();
    let call = &if address.property.is_some() { call.of_property() } else { call };
    if let ("GET", Some(id), None) = (method.as_str(), address.id, &address.property) {
        return rows::retrieve::<T>(call, id).await;
    }
    // In a box, so that the reads of rows, of which there are most, are not moved about with the room that all else needs.
    Box::pin(answer_all_else::<T>(call, dialogue, address, request)).await
}

async fn answer_all_else<T: Table>(
    call: &Call,
    dialogue: &Dialogue,
    address: &Address,
    request: Request,
) -> Result<Response, Refused> {
    let method = request.method().clone();
    match (method.as_str(), address.id, address.property.as_deref()) {
        ("GET", None, None) => rows::list::<T>(call).await,
        ("POST", None, None) => rows::create::<T>(call, columns(dialogue, request).await?).await,
        ("PATCH", Some(id), None) => rows::upsert::<T>(call, id, columns(dialogue, request).await?).await,
        ("DELETE", Some(id), None) => rows::delete::<T>(call, id).await,
        ("GET", Some(id), Some(name)) => properties::read::<T>(call, id, name).await,
        ("PUT", Some(id), Some(name)) => properties::put::<T>(call, id, name, columns(dialogue, request).await?).await,
        ("DELETE", Some(id), Some(name)) => properties::clear::<T>(call, id, name).await,
        (_, None, _) => Err(only(&["GET", "POST"])),
        (_, Some(_), None) => Err(only(&["GET", "PATCH", "DELETE"])),
        (_, Some(_), Some(_)) => Err(only(&["GET", "PUT", "DELETE"])),
    }
}

/// The refusal of another method than these.
fn only(methods: &[&str]) -> Refused {
    Refusal::method_not_allowed(methods).into()
}

async fn columns(dialogue: &Dialogue, request: Request) -> Result<Columns, Refused> {
    DialectJson::from_request(request, dialogue).await.map(|DialectJson(columns)| columns)
}

/// Adds what every answer has, also 304 and errors.
pub(crate) fn with_odata_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(ODATA_VERSION, HeaderValue::from_static("4.0"));
    if headers.get(CONTENT_TYPE).is_some_and(|media_type| media_type == "application/json") {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(errors::JSON));
    }
    response
}
