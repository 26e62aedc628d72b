//! GET and HEAD of a collection: a page of it, with a tag of its own (rule H4).

use axum::response::Response;
use bytes::{BufMut as _, Bytes, BytesMut};
use etag_core::{Cursor, Digester, ETag, Page, ParentFilter, Row, Scan, StoredTag, Verdict};
use http::{HeaderValue, StatusCode, header};
use serde_json::Value;

use super::page_query::PageQuery;
use crate::{authorize::Action, call::Call, cursor, location, problem::Problem, respond};

pub(crate) async fn list(call: &Call<'_>) -> Result<Response, Problem> {
    let query = PageQuery::of(call).await?;
    let scan = &query.scan;
    // An index of tags decides; rows are read only where a body is to be sent, or a hook wants to see them.
    if !call.conditions.preconditions.is_empty() && !call.endpoint.model.judges_values() {
        let page = call.store().scan_tags(scan).await?;
        let tags = page.items.iter().map(|entry| (&*entry.id, &entry.tag));
        let etag = page_tag(call, scan, tags, page.next);
        if call.conditions.check_page(&etag) == Verdict::NotModified {
            return Ok(not_modified(call, &etag));
        }
    }
    answer(call, &query, &visible(call, call.store().scan(scan).await?))
}

/// The answer of the rows that were read, whose tags alone go into the tag beside them.
fn answer(call: &Call<'_>, query: &PageQuery, page: &Page<Row>) -> Result<Response, Problem> {
    let tags = page.items.iter().map(|row| (row.head.key.id(), &row.head.tag));
    let etag = page_tag(call, &query.scan, tags, page.next);
    match call.conditions.check_page(&etag) {
        Verdict::Proceed => ok(call, query, page, &etag),
        Verdict::NotModified => Ok(not_modified(call, &etag)),
        Verdict::Failed(header) => Err(call.page_condition_failed(header, &etag)),
        Verdict::Malformed(malformed) => Err(Problem::malformed_condition(malformed, call.endpoint.dialect())),
    }
}

/// The rows that the hook which sees values lets the caller see.
fn visible(call: &Call<'_>, mut page: Page<Row>) -> Page<Row> {
    let model = &call.endpoint.model;
    if model.judges_values() {
        page.items.retain(|row| model.judge(&call.principal, Action::Read, Some(row), None).is_ok());
    }
    page
}

/// The tag of a page: what its bytes are made of, in order. Representation numbers are in the published tags.
fn page_tag<'a>(
    call: &Call<'_>,
    scan: &Scan,
    items: impl ExactSizeIterator<Item = (&'a str, &'a StoredTag)>,
    next: Option<Cursor>,
) -> ETag {
    let mut digester = Digester::new();
    digester.str("page 1");
    feed_list(&mut digester, call, scan);
    digester.unsigned(scan.limit as u64);
    for place in [scan.after, next] {
        feed_place(&mut digester, place);
    }
    digester.list(items.len());
    for (id, tag) in items {
        digester.str(id);
        digester.bytes(call.endpoint.description().publish(tag).as_bytes());
    }
    ETag::strong(format!("l.{}", digester.finish())).expect("base64url is of characters that tags may have")
}

/// Which list the page is of: the children of a parent have one by each path to it.
fn feed_list(digester: &mut Digester, call: &Call<'_>, scan: &Scan) {
    digester.str(location::original(call.parts).path());
    if let Some(ParentFilter { link, parent }) = &scan.parent {
        digester.str(link);
        digester.str(parent.collection());
        digester.str(parent.id());
    }
}

fn feed_place(digester: &mut Digester, place: Option<Cursor>) {
    match place {
        Some(cursor) => digester.unsigned(cursor.0),
        None => digester.none(),
    }
}

fn ok(call: &Call<'_>, query: &PageQuery, page: &Page<Row>, etag: &ETag) -> Result<Response, Problem> {
    let next = page.next.map(|next| cursor::encode(call.endpoint.description().collection, next));
    let mut response = respond::json(StatusCode::OK, body(call, page, next.as_deref())?);
    if let Some(next) = next {
        let link = format!("<{}>; rel=\"next\"", query.next(call, &next));
        if let Ok(link) = HeaderValue::try_from(link) {
            response.headers_mut().insert(header::LINK, link);
        }
    }
    Ok(with_tag(call, response, etag))
}

fn not_modified(call: &Call<'_>, etag: &ETag) -> Response {
    tracing::debug!("not modified");
    with_tag(call, respond::bare(StatusCode::NOT_MODIFIED), etag)
}

fn with_tag(call: &Call<'_>, mut response: Response, etag: &ETag) -> Response {
    respond::place_tag(response.headers_mut(), call.endpoint.dialect().tag_placement, etag);
    response.headers_mut().insert(header::CACHE_CONTROL, call.endpoint.cache_control());
    response
}

/// Joins the stored bytes; nothing is decoded.
fn body(call: &Call<'_>, page: &Page<Row>, next: Option<&str>) -> Result<Bytes, Problem> {
    let bytes = page.items.iter().map(|row| row.body.len() + 128).sum::<usize>();
    let mut body = BytesMut::with_capacity(bytes + 64);
    body.put_slice(br#"{"items":["#);
    for (index, row) in page.items.iter().enumerate() {
        body.put_slice(if index == 0 { br#"{"etag":"# } else { br#",{"etag":"# });
        put_json(&mut body, String::from_utf8_lossy(call.endpoint.etag(&row.head).as_bytes()).as_ref());
        body.put_slice(br#","value":"#);
        body.put_slice(&call.endpoint.model.representation(row)?);
        body.put_u8(b'}');
    }
    body.put_u8(b']');
    if let Some(next) = next {
        body.put_slice(br#","next":"#);
        put_json(&mut body, next);
    }
    body.put_u8(b'}');
    Ok(body.freeze())
}

fn put_json(body: &mut BytesMut, text: &str) {
    body.put_slice(Value::from(text).to_string().as_bytes());
}
