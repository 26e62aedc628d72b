//! The answer to a condition that does not hold (rules H3, B2).

use etag_core::{ETag, FailedHeader, Key, Row};

use crate::{
    call::{Call, Seen},
    prefer::{PREFERENCE_APPLIED, Return},
    problem::{Problem, ProblemKind},
    respond,
};

impl Call<'_> {
    /// 412 with the tag that is current, and as its body the current representation where the client prefers that
    /// (RFC 8144 §3.2).
    pub(crate) async fn condition_failed(&self, key: &Key, failed: FailedHeader, met: Option<&Seen>) -> Problem {
        tracing::debug!(%key, header = failed.name(), "a condition does not hold");
        if !self.may_disclose(key, met).await {
            return self.bare_refusal(failed);
        }
        let state = self.conditions.history(key, met.map(|seen| &seen.head));
        let problem = self.bare_refusal(failed).with_state(state);
        match met {
            Some(seen) => self.with_current_state(problem, key, seen).await,
            None => problem,
        }
    }

    /// The same for a page of a list, which is told as problem details always.
    pub(crate) fn page_condition_failed(&self, failed: FailedHeader, etag: &ETag) -> Problem {
        let mut problem = self.bare_refusal(failed);
        respond::place_tag(problem.headers_mut(), self.endpoint.dialect().tag_placement, etag);
        problem
    }

    fn bare_refusal(&self, failed: FailedHeader) -> Problem {
        let detail = match failed {
            FailedHeader::IfMatch => {
                "the resource is not in a state that If-Match names; read it again and redo the change"
            }
            FailedHeader::IfNoneMatch => "the resource is in a state that If-None-Match excludes; nothing was written",
            FailedHeader::IfUnmodifiedSince => {
                "the resource was modified after If-Unmodified-Since; read it again and redo the change"
            }
        };
        Problem::new(ProblemKind::ConditionFailed, detail)
            .with_status(self.endpoint.dialect().mismatch_status)
            .about_header(failed.name())
    }

    async fn with_current_state(&self, mut problem: Problem, key: &Key, seen: &Seen) -> Problem {
        if self.preferred() == Some(Return::Representation)
            && let Some(row) = self.row_to_show(key, seen).await
        {
            return self.with_current_representation(problem, &row);
        }
        self.place_validators(problem.headers_mut(), &seen.head);
        problem
    }

    /// A hook that sees values has seen this body and no later one. Without such a hook it may not have been read yet.
    async fn row_to_show(&self, key: &Key, seen: &Seen) -> Option<Row> {
        match seen.row() {
            Some(row) => Some(row),
            None => self.store().read(key).await.ok().flatten(),
        }
    }

    /// Tag and body are those of one state, which may be later than the one that was met.
    fn with_current_representation(&self, mut problem: Problem, row: &Row) -> Problem {
        self.place_validators(problem.headers_mut(), &row.head);
        let Ok(body) = self.endpoint.model.representation(row) else { return problem };
        self.place_content_location(problem.headers_mut(), &row.head.key);
        problem.with_header(PREFERENCE_APPLIED, Return::Representation.applied()).with_representation(body)
    }
}
