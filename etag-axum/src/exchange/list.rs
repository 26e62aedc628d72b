//! Lists of a hand-written API, with tags of their own (rule H4).

use axum::response::Response;
use etag_core::{Cursor, Digester, ETag, Head, Page, Refusal, RefusalKind, Row, Scan, StoredTag, TagEntry, Versioned};
use http::StatusCode;

use super::{Exchange, Refused, Representation, Stored};
use crate::{cursor, respond};

/// A page of a list: [`Exchange::list`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Listed<T> {
    /// What is on it, as the store has it.
    pub items: Vec<Stored<T>>,
    /// What to ask for the next one with, where there is one: [`Exchange::scan`].
    pub next: Option<String>,
}

impl Exchange {
    /// The `limit` resources of a collection after the place that an earlier page [named](Listed::next), or the first ones.
    ///
    /// # Errors
    /// [`RefusalKind::Invalid`] where no page named that place.
    pub fn scan<T: Versioned>(&self, limit: usize, place: Option<&str>) -> Result<Scan, Refused> {
        let collection = T::MODEL.collection;
        let after = place.map(|text| cursor::decode(collection, text).ok_or_else(unknown_place)).transpose()?;
        Ok(Scan::new(collection, limit).after(after))
    }

    /// The text of a place in a collection, as [`Listed::next`] has it, for pages that a handler makes itself: clients send it
    /// back and don't look into it, and [`scan`](Self::scan) reads it.
    ///
    /// ```
    /// use etag_axum::{Exchange, Refused, Representation, Stored};
    /// use etag_core::{Document, Row, StoreExt};
    ///
    /// /// The resources after a place that are wanted, each as a read of it alone is answered, and where the next ones are.
    /// async fn page<T: Document>(
    ///     exchange: &Exchange,
    ///     after: Option<&str>,
    ///     is_wanted: impl Fn(&T) -> bool + Sync,
    /// ) -> Result<(Vec<Representation>, Option<String>), Refused> {
    ///     let pick = |row: Row| {
    ///         let state = Stored::<T>::from_row(row);
    ///         if is_wanted(&state.view()?) { exchange.represent(&state, &state).map(Some) } else { Ok(None) }
    ///     };
    ///     let page = exchange.store().list_wanted(&exchange.scan::<T>(100, after)?, pick).await?;
    ///     Ok((page.items, page.next.map(|next| exchange.place::<T>(next))))
    /// }
    /// ```
    pub fn place<T: Versioned>(&self, place: Cursor) -> String {
        cursor::encode(T::MODEL.collection, place)
    }

    /// The answer to a read of a list: 304 where the request's conditions say that the client has it, which is decided by an
    /// index alone, else 200 with what `body` makes of the page.
    ///
    /// The tag is made of the request's path and query, of what is [selected](Self::selecting) and the tags of all that was
    /// scanned, so `body` may leave some of it out by what it is like. What it tells of other resources, it may tell of those in `beside` alone.
    ///
    /// # Errors
    /// A condition that can't be read, or fails; what `body` refuses; faults of the store.
    ///
    /// ```
    /// use axum::{Router, extract::Query, response::Response, routing::get};
    /// use etag_axum::{Dialogue, Exchange, Listed, Refused, Representation};
    /// use etag_core::{Dialect, MemoryStore, StoreExt, Versioned};
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Serialize, Deserialize, Versioned)]
    /// #[versioned(collection = "notes", validator = revision)]
    /// struct Note {
    ///     #[versioned(id)]
    ///     id: String,
    ///     text: String,
    /// }
    ///
    /// #[derive(Deserialize)]
    /// struct Place {
    ///     after: Option<String>,
    /// }
    ///
    /// async fn notes(exchange: Exchange, Query(place): Query<Place>) -> Result<Response, Refused> {
    ///     let scan = exchange.scan::<Note>(2, place.after.as_deref())?;
    ///     exchange.list(&scan, &[], |page: Listed<Note>| {
    ///         Representation::new().with_list("notes", &page.items)?.with("next", &page.next)
    ///     }).await
    /// }
    ///
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # use tower::ServiceExt;
    /// let store = MemoryStore::new();
    /// store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
    /// let app = Dialogue::new(store, Dialect::RFC_9110).serve(Router::new().route("/notes", get(notes)));
    /// let get = || http::Request::get("/notes");
    /// let list = app.clone().oneshot(get().body(axum::body::Body::empty())?).await?;
    /// let again = get().header("if-none-match", &list.headers()["etag"]).body(axum::body::Body::empty())?;
    /// assert_eq!(app.oneshot(again).await?.status(), 304);
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    pub async fn list<T: Versioned>(
        &self,
        scan: &Scan,
        beside: &[&Head],
        body: impl FnOnce(Listed<T>) -> Result<Representation, Refused>,
    ) -> Result<Response, Refused> {
        if !self.conditions().is_empty() {
            let page = self.store().scan_tags(scan).await?;
            let etag = self.tag_of_list::<T, _>(&page, beside, |TagEntry { id, tag }| (id, tag));
            if self.is_known(&etag)? {
                return Ok(self.tagged(respond::bare(StatusCode::NOT_MODIFIED), &etag));
            }
        }
        let page = self.store().scan(scan).await?;
        let etag = self.tag_of_list::<T, _>(&page, beside, |row: &Row| (row.head.key.id(), &row.head.tag));
        let next = page.next.map(|next| self.place::<T>(next));
        let items = page.items.into_iter().map(Stored::from_row).collect();
        self.answer_under(&etag, StatusCode::OK, body(Listed { items, next })?)
    }

    fn tag_of_list<T: Versioned, I>(
        &self,
        page: &Page<I>,
        beside: &[&Head],
        item: impl Fn(&I) -> (&str, &StoredTag),
    ) -> ETag {
        let mut digester = Digester::new();
        digester.str("dialogue list 1");
        digester.str(self.uri().path_and_query().map_or("", http::uri::PathAndQuery::as_str));
        if let Some(selection) = &self.selection {
            digester.str(selection);
        }
        digester.list(beside.len());
        for head in beside {
            digester.str(head.key.collection());
            digester.str(head.key.id());
            digester.bytes(head.tag.as_bytes());
        }
        digester.list(page.items.len());
        for (id, tag) in page.items.iter().map(item) {
            digester.str(id);
            digester.bytes(T::MODEL.publish(tag).as_bytes());
        }
        match page.next {
            Some(next) => digester.unsigned(next.0),
            None => digester.none(),
        }
        ETag::strong(format!("l.{}", digester.finish())).expect("base64url is of characters that tags may have")
    }
}

fn unknown_place() -> Refused {
    Refusal::new(RefusalKind::Invalid)
        .saying("the place in the list is none that a page named; begin again without it")
        .into()
}
