//! How long all answers of a batch may be together (rule H6).

use etag_core::{PartAnswer, Refusal, RefusalKind};

/// What is left for answers. The one that does not fit is told all the same, since what it tells of may have been done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    most: usize,
    taken: usize,
}

impl Room {
    pub(super) fn of(most: usize) -> Self {
        Self { most, taken: 0 }
    }

    pub(super) fn take(&mut self, answer: &PartAnswer) {
        let headers: usize = answer.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        self.taken = self.taken.saturating_add(headers + answer.body.len());
    }

    /// Demands that there is some for another answer.
    pub(super) fn demand_some(&self) -> Result<(), Refusal> {
        if self.taken <= self.most {
            return Ok(());
        }
        let message = format!(
            "the answers to the batch have more than {} bytes before this one, which was not done; send the rest by itself",
            self.most
        );
        Err(Refusal::new(RefusalKind::TooLarge).saying(message))
    }
}
