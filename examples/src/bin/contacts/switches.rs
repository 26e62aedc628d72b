//! What the sources leave open, decided by flags.

use std::time::{Duration, SystemTime};

use clap::{Args, ValueEnum};
use etag_axum::Refused;
use etag_core::{Dialect, ErrorEnvelope, IfUnchanged, RefusalKind, Snapshot};

use crate::{
    dialect::{PEOPLE, PersonTags},
    error_format::PLAIN_ERRORS,
    model::Contact,
};

/// What the sources leave open.
#[derive(Args, Clone, Debug)]
pub(crate) struct Switches {
    #[command(flatten)]
    pub(crate) tags: Tags,
    #[command(flatten)]
    pub(crate) pace: Pace,
    #[command(flatten)]
    pub(crate) several: Several,
    #[command(flatten)]
    pub(crate) groups: Groups,
    #[command(flatten)]
    pub(crate) bodies: Bodies,
}

/// What tags tell, and when they move on.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Tags")]
pub(crate) struct Tags {
    /// What the tag of a person tells
    #[arg(long = "person-tags", value_name = "WHAT", value_enum, default_value_t = PersonTags::State)]
    told: PersonTags,
    /// Refuse an update without the tag of the source, also where it has that of the person
    #[arg(long)]
    pub(crate) require_source_etag: bool,
    /// The status of a stale tag; until about 2019 the service's was 412
    #[arg(long, value_name = "STATUS", default_value_t = 400, value_parser = clap::value_parser!(u16).range(400..500))]
    stale_status: u16,
    /// What an update that changes nothing does to the tag
    #[arg(long, value_enum, default_value_t = Unchanged::Rewrite)]
    unchanged: Unchanged,
}

/// What a write that changes nothing does to the tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Unchanged {
    /// There is another one, as after any update
    Rewrite,
    /// Nothing
    Keep,
}

/// How reads lag behind writes, and how fast writes may follow each other.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Propagation of writes")]
pub(crate) struct Pace {
    /// For how many milliseconds after a write a contact reads as before it
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) propagation_ms: u64,
    /// For how many reads after a write a contact reads as before it
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) propagation_reads: u32,
    /// What is seen late
    #[arg(long, value_enum, default_value_t = LaggingWrites::Updates)]
    pub(crate) lagging_writes: LaggingWrites,
    /// Which requests see it late
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Reader::Get, Reader::BatchGet, Reader::List])]
    pub(crate) lagging_reads: Vec<Reader>,
    /// Refuse an update that comes within so many milliseconds after another one of the same contact
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) write_guard_ms: u64,
}

/// What is seen late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LaggingWrites {
    /// Updates; what is new or gone reads so at once
    #[default]
    Updates,
    /// Creations and deletions, too
    All,
}

/// What reads contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Reader {
    /// The read of one contact
    Get,
    /// `people:batchGet`
    BatchGet,
    /// The list of connections
    List,
}

/// Requests that write several contacts.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Requests about several contacts")]
pub(crate) struct Several {
    /// What one refused contact does to the others of `batchUpdateContacts`
    #[arg(long = "batch-update", value_enum, default_value_t = Fate::AllOrNothing)]
    pub(crate) update: Fate,
    /// The same for `batchCreateContacts`
    #[arg(long = "batch-create", value_enum, default_value_t = Fate::AllOrNothing)]
    pub(crate) create: Fate,
    /// The same for `batchDeleteContacts`
    #[arg(long = "batch-delete", value_enum, default_value_t = Fate::AllOrNothing)]
    pub(crate) delete: Fate,
    /// What the status of a refused `batchUpdateContacts` is
    #[arg(long = "batch-status", value_enum, default_value_t = BatchStatus::StaleFirst)]
    pub(crate) status: BatchStatus,
}

/// What one refused contact does to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Fate {
    /// None of them is written
    AllOrNothing,
    /// They are written, and answers tell of those that were refused, as far as they tell anything
    Each,
}

/// What the status of a refused batch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BatchStatus {
    /// That of a stale tag where there is one, else that of the first contact that is refused
    StaleFirst,
    /// That of the first contact that is refused
    First,
    /// That of a stale tag, whatever is refused
    Stale,
}

/// Groups of contacts.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Groups")]
pub(crate) struct Groups {
    /// When two names of groups are one
    #[arg(long, value_enum, default_value_t = GroupNames::IgnoringCase)]
    pub(crate) group_names: GroupNames,
    /// What the tag in the body of a rename means
    #[arg(long, value_enum, default_value_t = GroupTag::Compared)]
    pub(crate) group_tag: GroupTag,
    /// What adding a member does that is one already
    #[arg(long, value_enum, default_value_t = SecondJoin::Ignored)]
    pub(crate) second_join: SecondJoin,
}

/// When two names of groups are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GroupNames {
    /// Without regard to case and surrounding space
    IgnoringCase,
    /// When they have the same characters
    Exact,
}

/// What the tag in the body of a rename means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GroupTag {
    /// It is compared where there is one
    Compared,
    /// It is compared, and has to be there
    Required,
    /// Nothing
    Ignored,
}

/// What adding a member does that is one already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SecondJoin {
    /// Nothing
    Ignored,
    /// It is an update of the contact
    Written,
}

/// What bodies may have, and have.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Bodies")]
pub(crate) struct Bodies {
    /// What becomes of members of a person that there are not
    #[arg(long, value_enum, default_value_t = UnknownMembers::Ignored)]
    pub(crate) unknown_members: UnknownMembers,
    /// What errors have besides code, message and status
    #[arg(long, value_enum, default_value_t = ErrorParts::All)]
    error_parts: ErrorParts,
}

/// What becomes of members of a person that there are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum UnknownMembers {
    /// They are passed over
    Ignored,
    /// The request is refused
    Refused,
}

/// What errors have besides code, message and status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ErrorParts {
    /// `errors` as in older APIs, and `details` of what failed
    All,
    /// Only `details` that say more than the message
    Plain,
}

impl Switches {
    /// The dialect with these choices.
    pub(crate) fn dialect(&self) -> Dialect {
        Dialect {
            codec: match self.tags.told {
                PersonTags::State => &PersonTags::State,
                PersonTags::StateAndFields => &PersonTags::StateAndFields,
            },
            mismatch_status: self.tags.stale_status,
            if_unchanged: match self.tags.unchanged {
                Unchanged::Rewrite => IfUnchanged::Rewrite,
                Unchanged::Keep => IfUnchanged::Keep,
            },
            error_envelope: match self.bodies.error_parts {
                ErrorParts::All => PEOPLE.error_envelope,
                ErrorParts::Plain => ErrorEnvelope::Own(&PLAIN_ERRORS),
            },
            ..PEOPLE
        }
    }
}

impl Pace {
    /// Whether no read lags.
    pub(crate) fn is_immediate(&self) -> bool {
        self.propagation_ms == 0 && self.propagation_reads == 0
    }

    /// Whether an update of a contact comes too soon after the one before it.
    ///
    /// # Errors
    /// What a stale tag is told.
    pub(crate) fn demand_pause(&self, state: &Snapshot<Contact>, now: SystemTime) -> Result<(), Refused> {
        let was_updated = state.head().revision != state.head().created;
        let age = now.duration_since(state.modified_at()).unwrap_or_default();
        let is_too_soon = was_updated && age < Duration::from_millis(self.write_guard_ms);
        if is_too_soon { Err(RefusalKind::Stale.into()) } else { Ok(()) }
    }
}
