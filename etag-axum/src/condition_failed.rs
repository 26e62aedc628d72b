//! The answer to a condition that does not hold (rules H3, B2).

use etag_core::{Batch, Check, ETag, EntityTags, FailedHeader, Field, Key, Row};

use crate::{
    call::{Call, Changed, Seen},
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
            Some(seen) => {
                let changed = self.changed_fields(key, seen).await;
                self.with_current_state(problem.with_changed(changed), key, seen).await
            }
            None => problem,
        }
    }

    /// Which fields changed since the one tag that If-Match names, where the model has a change log (rule B2). The store
    /// tells it with a conflict, so a condition that was compared here is put to it once more.
    async fn changed_fields(&self, key: &Key, seen: &Seen) -> Option<Vec<String>> {
        let tags = match (&seen.changed, &self.conditions.preconditions.if_match) {
            (Changed::Known(fields), _) => return fields.clone(),
            (Changed::NotAsked, Field::Valid(EntityTags::List(tags))) if tags.len() == 1 => tags,
            (Changed::NotAsked, _) => return None,
        };
        if self.endpoint.description().changes.is_none() {
            return None;
        }
        let expectation = self.endpoint.description().expect_any(tags, self.conditions.comparison);
        let refused = self.store().commit(Batch::new().check(Check::new(key.clone(), expectation))).await.err()?;
        let conflict = refused.conflicts().first()?;
        // Of a later state a hook that sees values has not been asked.
        let is_the_same = conflict.met.as_ref().is_some_and(|met| met.revision == seen.head.revision);
        conflict.changed.clone().filter(|_| is_the_same)
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
