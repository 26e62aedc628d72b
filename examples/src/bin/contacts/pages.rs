//! Pages of lists.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use etag_axum::{Parameters, Refused};
use etag_core::{Cursor, Error, Page, Scan, Store};

/// The most that a page has.
const MOST: usize = 1000;

/// The page of a collection that `pageSize` and `pageToken` ask for.
///
/// # Errors
/// A size that there is not, or a token that was never given.
pub(crate) fn scan(parameters: &Parameters, collection: &'static str) -> Result<Scan, Refused> {
    Ok(Scan::new(collection, size(parameters)?).after(cursor(parameters)?))
}

fn size(parameters: &Parameters) -> Result<usize, Refused> {
    match parameters.get("pageSize").map(str::parse) {
        None | Some(Ok(0)) => Ok(100),
        Some(Ok(size)) if size <= MOST => Ok(size),
        Some(_) => Err(Refused::invalid(format!("Page size must be between 1 and {MOST}."))),
    }
}

fn cursor(parameters: &Parameters) -> Result<Option<Cursor>, Refused> {
    let Some(token) = parameters.get("pageToken").filter(|token| !token.is_empty()) else { return Ok(None) };
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| bytes.try_into().ok());
    let place = bytes.map(u64::from_be_bytes).ok_or_else(|| Refused::invalid("Invalid page token."))?;
    Ok(Some(Cursor(place)))
}

/// The token of the page that begins at this place.
pub(crate) fn page_token(Cursor(place): Cursor) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(place.to_be_bytes())
}

/// How many resources a collection has.
pub(crate) async fn count(store: &dyn Store, collection: &'static str) -> Result<usize, Error> {
    let (mut count, mut scan) = (0, Scan::new(collection, MOST));
    loop {
        let Page { items, next } = store.scan_tags(&scan).await?;
        count += items.len();
        if next.is_none() {
            return Ok(count);
        }
        scan = scan.after(next);
    }
}
