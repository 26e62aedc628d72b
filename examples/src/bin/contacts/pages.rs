//! Pages of lists.

use etag_axum::{Exchange, Parameters, Refused};
use etag_core::{Scan, StoreExt as _, Versioned};

/// The most that a page has.
const MOST: usize = 1000;

/// The page of a collection that `pageSize` and `pageToken` ask for.
///
/// # Errors
/// A size that there is not, or a token that was never given.
pub(crate) fn scan<T: Versioned>(exchange: &Exchange, parameters: &Parameters) -> Result<Scan, Refused> {
    let token = parameters.get("pageToken").filter(|token| !token.is_empty());
    exchange.scan::<T>(size(parameters)?, token).map_err(|_| Refused::invalid("Invalid page token."))
}

fn size(parameters: &Parameters) -> Result<usize, Refused> {
    match parameters.get("pageSize").map(str::parse) {
        None | Some(Ok(0)) => Ok(100),
        Some(Ok(size)) if size <= MOST => Ok(size),
        Some(_) => Err(Refused::invalid(format!("Page size must be between 1 and {MOST}."))),
    }
}

/// How many resources a collection has.
pub(crate) async fn total<T: Versioned>(exchange: &Exchange) -> Result<usize, Refused> {
    Ok(exchange.store().count(&Scan::new(T::MODEL.collection, MOST)).await?)
}
