//! The parameters of requests.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use etag_axum::Refused;
use etag_core::{Cursor, Error, Page, Scan, Store};
use serde::Deserialize;

/// The most that a page has.
const MOST: usize = 1000;

/// The parameters of a request, some of them repeated, most of them unknown.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    /// The first value of a parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// All values of a parameter.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a parameter is set.
    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.get(name) == Some("true")
    }

    /// The page of a collection that `pageSize` and `pageToken` ask for.
    ///
    /// # Errors
    /// A size that there is not, or a token that was never given.
    pub(crate) fn scan(&self, collection: &'static str) -> Result<Scan, Refused> {
        Ok(Scan::new(collection, self.page_size()?).after(self.cursor()?))
    }

    fn page_size(&self) -> Result<usize, Refused> {
        match self.get("pageSize").map(str::parse) {
            None | Some(Ok(0)) => Ok(100),
            Some(Ok(size)) if size <= MOST => Ok(size),
            Some(_) => Err(Refused::invalid(format!("Page size must be between 1 and {MOST}."))),
        }
    }

    fn cursor(&self) -> Result<Option<Cursor>, Refused> {
        let Some(token) = self.get("pageToken").filter(|token| !token.is_empty()) else { return Ok(None) };
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| bytes.try_into().ok());
        let place = bytes.map(u64::from_be_bytes).ok_or_else(|| Refused::invalid("Invalid page token."))?;
        Ok(Some(Cursor(place)))
    }
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
