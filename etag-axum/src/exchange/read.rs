//! Reads, and the pieces of answers that the dialect decides.

use axum::response::Response;
use etag_core::{Document, ETag, Refusal, RefusalKind, Snapshot, StoreExt as _, TagMember, Verdict, Versioned};
use http::StatusCode;

use super::{
    Exchange, Refused, Representation,
    piece::Piece,
    stored::{State, Stored},
};
use crate::respond;

impl Exchange {
    /// A resource as the store has it, which is what a read is best answered with: nothing of it is decoded.
    ///
    /// # Errors
    /// [`RefusalKind::NotFound`], or a fault of the store.
    pub async fn fetch<T: Versioned>(&self, id: &T::Id) -> Result<Stored<T>, Refused> {
        let row = self.store().read(&T::key_of(id)).await?;
        row.map(Stored::from_row).ok_or_else(not_found)
    }

    /// The value of a resource, where there is one.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn find<T: Document>(&self, id: &T::Id) -> Result<Option<Snapshot<T>>, Refused> {
        Ok(self.store().find(id).await?)
    }

    /// The value of a resource.
    ///
    /// # Errors
    /// [`RefusalKind::NotFound`], or a fault of the store.
    pub async fn get<T: Document>(&self, id: &T::Id) -> Result<Snapshot<T>, Refused> {
        self.find(id).await?.ok_or_else(not_found)
    }

    /// The answer to a read: 304 where the request's conditions say that the client has this state, else 200 with `value`,
    /// which is the state itself where that is the representation.
    ///
    /// A value that costs something to make is made after [`not_modified`](Self::not_modified) was asked, and given to
    /// [`answer`](Self::answer).
    ///
    /// # Errors
    /// A condition that can't be read, or fails; a value that is no JSON.
    pub fn read(&self, state: &impl State, value: impl Piece) -> Result<Response, Refused> {
        match self.not_modified(state)? {
            Some(response) => Ok(response),
            None => self.answer(StatusCode::OK, state, value),
        }
    }

    /// The 304 that answers a read, where the request's conditions say that the client has this state. The head of the state
    /// decides it (rule T6).
    ///
    /// # Errors
    /// A condition that can't be read, or fails.
    pub fn not_modified(&self, state: &impl State) -> Result<Option<Response>, Refused> {
        if self.conditions().is_empty() {
            return Ok(None);
        }
        let etag = self.etag(state);
        Ok(self.is_known(&etag)?.then(|| self.tagged(respond::bare(StatusCode::NOT_MODIFIED), &etag)))
    }

    /// An answer with a representation of a state, and its tag where the dialect has it.
    ///
    /// # Errors
    /// A value that is no JSON object although the dialect puts the tag into it.
    pub fn answer(&self, status: StatusCode, state: &impl State, value: impl Piece) -> Result<Response, Refused> {
        self.answer_under(&self.etag(state), status, value)
    }

    pub(super) fn answer_under(&self, etag: &ETag, status: StatusCode, value: impl Piece) -> Result<Response, Refused> {
        let text = match self.dialect().tag_placement.member() {
            Some(member) => with_member(member, etag, value)?.into_bytes(),
            None => value.into_text()?,
        };
        Ok(self.tagged(respond::json(status, text), etag))
    }

    /// The representation of a state, with its tag as the first member where the dialect has that: for lists, and for states
    /// within other ones.
    ///
    /// # Errors
    /// A value that is no JSON object although the dialect puts the tag into it.
    pub fn represent(&self, state: &impl State, value: impl Piece) -> Result<Representation, Refused> {
        match self.dialect().tag_placement.member() {
            Some(member) => with_member(member, &self.etag(state), value),
            None => Representation::of(value),
        }
    }

    /// An answer about a state without a representation: its tag is in the header, where the dialect has it there.
    pub fn bare(&self, status: StatusCode, state: &impl State) -> Response {
        self.tagged(respond::bare(status), &self.etag(state))
    }

    /// Whether a read is answered 304: the client has the representation with this tag.
    pub(super) fn is_known(&self, etag: &ETag) -> Result<bool, Refused> {
        match self.dialect().judge_read(self.conditions(), etag) {
            Verdict::Proceed => Ok(false),
            Verdict::NotModified => Ok(true),
            Verdict::Failed(_) => Err(Refusal::new(RefusalKind::Stale).into()),
            Verdict::Malformed(malformed) => Err(Refusal::from(malformed).into()),
        }
    }

    pub(super) fn tagged(&self, mut response: Response, etag: &ETag) -> Response {
        respond::place_tag(response.headers_mut(), self.dialect().tag_placement, etag);
        response
    }
}

fn with_member(member: TagMember, etag: &ETag, value: impl Piece) -> Result<Representation, Refused> {
    Representation::new().with(member.name, &*member.text_of(etag))?.with_all(value)
}

fn not_found() -> Refused {
    Refusal::new(RefusalKind::NotFound).into()
}
