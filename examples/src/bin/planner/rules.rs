//! What is not known for sure of the service, or is a matter of taste: flags.

mod answers;
mod batches;
mod conditions;
mod families;
mod limits;

use clap::Args;
use etag_core::{Dialect, Put};
use examples::TokenFlags;

use self::{answers::AnswerRules, batches::BatchFlags, conditions::ConditionRules, families::FamilyRules};
pub(crate) use self::{
    conditions::First,
    families::{Buckets, TaskChange, UnknownParent},
    limits::{Limits, MyTasks},
};
use crate::dialect::PLANNER;

/// The flags of this example.
#[derive(Args, Clone, Debug)]
pub(crate) struct Rules {
    #[command(flatten)]
    pub(crate) token: TokenFlags,
    #[command(flatten)]
    pub(crate) conditions: ConditionRules,
    #[command(flatten)]
    pub(crate) families: FamilyRules,
    #[command(flatten)]
    pub(crate) answers: AnswerRules,
    #[command(flatten)]
    batches: BatchFlags,
    #[command(flatten)]
    pub(crate) limits: Limits,
}

impl Rules {
    /// The dialect under these rules.
    pub(crate) fn dialect(&self) -> Dialect {
        let mut dialect = PLANNER;
        self.conditions.change(&mut dialect);
        self.answers.change(&mut dialect);
        self.batches.change(&mut dialect);
        dialect
    }

    /// Has a put follow these rules.
    pub(crate) fn settle(&self, put: &mut Put) {
        self.families.settle(put);
        put.changes = self.conditions.remembered(put.changes);
    }
}
