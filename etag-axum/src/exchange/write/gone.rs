//! What no other try will find as it wants it.

use etag_core::{Conflict, Expectation, Item, Key, Refusal, RefusalKind};

use super::Refused;

/// States of what is written along that were not there any more, and absences. No state comes back, so nobody needs to look
/// for it again, and who wants the absence twice does not look at what is there.
#[derive(Debug, Default)]
pub(super) struct GoneStates(Vec<(Key, Expectation)>);

impl GoneStates {
    pub(super) fn note(&mut self, conflicts: &[Conflict]) {
        let gone = conflicts.iter().filter(|conflict| conflict.item > 0 && is_about_one_state(&conflict.expectation));
        self.0.extend(gone.map(|conflict| (conflict.key.clone(), conflict.expectation.clone())));
    }

    /// Demands that none of `others` expects one of them.
    pub(super) fn demand_none(&self, others: &[Item]) -> Result<(), Refused> {
        let is_gone = |item: &&Item| {
            self.0.iter().any(|(key, expectation)| key == item.key() && expectation == item.expectation())
        };
        match others.iter().find(is_gone).map(Item::expectation) {
            None => Ok(()),
            Some(Expectation::Absent) => Err(RefusalKind::AlreadyExists.into()),
            Some(_) => Err(Refusal::new(RefusalKind::Unavailable).saying(HAS_CHANGED).into()),
        }
    }
}

const HAS_CHANGED: &str = "what is written along has changed meanwhile; nothing was written; send the request again";

fn is_about_one_state(expectation: &Expectation) -> bool {
    matches!(expectation, Expectation::At(_) | Expectation::Unedited(_) | Expectation::Absent)
}
