//! From a draft to an offer that all see.

use etag_core::Content;
use serde::{Deserialize, Serialize};

use crate::{model::Offer, rules::Rules};

/// Where an offer, a step or an operation has got to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Content)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Status {
    NeverPublished,
    NotStarted,
    WaitingForPublisherReview,
    Running,
    Succeeded,
    Canceled,
}

/// Work on an offer that may take a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Content)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) submission_type: Kind,
    pub(crate) version: u32,
    pub(crate) status: Status,
}

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Content)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Kind {
    Publish,
    GoLive,
    Cancel,
}

impl Offer {
    /// Whether there is anything to cancel.
    pub(crate) fn is_under_way(&self) -> bool {
        matches!(self.status, Status::Running | Status::WaitingForPublisherReview)
    }

    /// Begins an operation, which ends at once where no look is to see it running. A cancel always does.
    pub(crate) fn begin(&mut self, kind: Kind, id: &str, rules: &Rules) {
        match (kind, self.operations.last_mut()) {
            (Kind::Publish, _) => self.version += 1,
            (Kind::Cancel, Some(last)) if last.status == Status::Running => last.status = Status::Canceled,
            _ => {}
        }
        let forgotten = (self.operations.len() + 1).saturating_sub(rules.operations.into());
        self.operations.drain(..forgotten);
        let (submission_type, status) = (kind, Status::Running);
        self.operations.push(Operation { id: id.to_owned(), submission_type, version: self.version, status });
        self.status = status;
        self.looks_left = rules.operation_reads;
        if self.looks_left == 0 || kind == Kind::Cancel {
            self.end(kind);
        }
    }

    /// What a look finds that a running operation was waiting for.
    pub(crate) fn after_a_look(mut self) -> Self {
        match self.operations.last() {
            Some(operation) if self.looks_left == 0 => self.end(operation.submission_type),
            _ => self.looks_left -= 1,
        }
        self
    }

    fn end(&mut self, kind: Kind) {
        match kind {
            Kind::Publish => self.preview = Some(self.version),
            Kind::GoLive => self.production = self.preview,
            Kind::Cancel => {}
        }
        self.status = match kind {
            Kind::Publish => Status::WaitingForPublisherReview,
            Kind::GoLive => Status::Succeeded,
            Kind::Cancel => Status::Canceled,
        };
        if let Some(operation) = self.operations.last_mut() {
            operation.status = Status::Succeeded;
        }
    }

    /// Where the steps stand: the preview, the publisher's own sign-off, and the publication.
    pub(crate) fn steps(&self) -> [(&'static str, Status); 3] {
        use Status::{NotStarted, Running, Succeeded, WaitingForPublisherReview};
        let kind = self.operations.last().map(|operation| operation.submission_type);
        let [preview, sign_off, live] = match self.status {
            Running if kind == Some(Kind::GoLive) => [Succeeded, Succeeded, Running],
            Running => [Running, NotStarted, NotStarted],
            WaitingForPublisherReview => [Succeeded, WaitingForPublisherReview, NotStarted],
            Succeeded => [Succeeded; 3],
            _ => [NotStarted; 3],
        };
        [("preview", preview), ("publisher-signoff", sign_off), ("live", live)]
    }
}
