//! The answers to writes that were done.

use axum::response::Response;
use bytes::Bytes;
use etag_core::{Effect, Head, Key, Row, Touched};
use http::{HeaderValue, StatusCode, header};

use crate::{
    authorize::Action,
    call::{Call, Seen},
    prefer::{PREFERENCE_APPLIED, Return},
    problem::Problem,
    respond,
    settings::PutValidators,
};

impl Call<'_> {
    /// The answer to a document that was written, and what else that changed.
    pub(crate) async fn put_done(
        &self,
        effect: Effect,
        head: Head,
        document: Bytes,
        touched: &[Touched],
    ) -> Result<Response, Problem> {
        let mut response = self.document_written(effect, head, document).await?;
        self.place_touched(response.headers_mut(), touched).await;
        Ok(response)
    }

    async fn document_written(&self, effect: Effect, head: Head, document: Bytes) -> Result<Response, Problem> {
        let status = if effect == Effect::Created { StatusCode::CREATED } else { StatusCode::OK };
        if self.preferred() == Some(Return::Minimal) {
            return Ok(self.written(status, &head, None));
        }
        let row = self.written_row(effect, head, document).await?;
        // Whoever sent all of it may see all of it; a patch shows what was there before, too.
        if self.action == Action::Patch && !self.may_disclose(&row.head.key, Some(&Seen::of_row(row.clone()))).await {
            return Ok(self.written(status, &row.head, None));
        }
        let body = self.endpoint.model.representation(&row)?;
        Ok(self.written(status, &row.head, Some(body)))
    }

    /// What was written, or where that was nothing what is stored: equal content can be spelled in other bytes, and one
    /// strong tag stands for one sequence of bytes (RFC 9110 §8.8.1).
    async fn written_row(&self, effect: Effect, head: Head, document: Bytes) -> Result<Row, Problem> {
        if effect == Effect::Unchanged
            && let Some(row) = self.store().read(&head.key).await?
            && row.head.tag == head.tag
        {
            return Ok(row);
        }
        Ok(Row { head, body: document })
    }

    /// The answer to a write that left the state `head`, of which `body` is the representation.
    pub(crate) fn written(&self, status: StatusCode, head: &Head, body: Option<Bytes>) -> Response {
        // Where the body is not theirs to see, nobody's preference for it was honoured.
        let applied = self.preferred().filter(|preference| *preference == Return::Minimal || body.is_some());
        let mut response = self.with_body(status, &head.key, body);
        let headers = response.headers_mut();
        if self.shows_validators() {
            self.place_validators(headers, head);
        }
        if status == StatusCode::CREATED
            && let Ok(path) = HeaderValue::try_from(self.path_of(&head.key))
        {
            headers.insert(header::LOCATION, path);
        }
        if let Some(preference) = applied {
            headers.insert(PREFERENCE_APPLIED, preference.applied());
        }
        response
    }

    fn with_body(&self, status: StatusCode, key: &Key, body: Option<Bytes>) -> Response {
        let Some(body) = body.filter(|_| self.preferred() != Some(Return::Minimal)) else {
            let is_created = status == StatusCode::CREATED;
            return respond::bare(if is_created { status } else { StatusCode::NO_CONTENT });
        };
        let mut response = respond::json(status, body);
        self.place_content_location(response.headers_mut(), key);
        response
    }

    fn shows_validators(&self) -> bool {
        self.action != Action::Replace || self.endpoint.settings.put_validators == PutValidators::Sent
    }
}
