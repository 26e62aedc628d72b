//! What the service does besides keeping contacts: it lags, and it may want updates to be some time apart.

use std::time::{Duration, SystemTime};

use clap::Args;
use etag_axum::Refused;
use etag_core::{RefusalKind, Snapshot};

use crate::{
    lagging::{Lagging, Window},
    model::Contact,
    person::SourceTag,
};

/// The flags of the service, for what is reported of it, or documented in more than one way.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct ServiceFlags {
    /// For how many milliseconds after a write a contact reads as before it
    #[arg(long, value_name = "N", default_value_t = 0)]
    propagation_ms: u64,
    /// For how many reads after a write a contact reads as before it
    #[arg(long, value_name = "N", default_value_t = 0)]
    propagation_reads: u32,
    /// Refuse an update that comes within so many milliseconds after another one of the same contact
    #[arg(long, value_name = "N", default_value_t = 0)]
    write_guard_ms: u64,
    /// Refuse an update without the tag of the source, also where it has that of the person
    #[arg(long)]
    require_source_etag: bool,
}

impl ServiceFlags {
    pub(crate) fn window(&self) -> Window {
        Window { time: Duration::from_millis(self.propagation_ms), reads: self.propagation_reads }
    }
}

/// What handlers know of the service.
#[derive(Clone)]
pub(crate) struct Service {
    /// What GET sees.
    pub(crate) seen: Lagging,
    /// Whether an update needs the tag of the source.
    pub(crate) source_tag: SourceTag,
    write_guard: Duration,
}

impl Service {
    pub(crate) fn new(seen: Lagging, flags: &ServiceFlags) -> Self {
        let source_tag = if flags.require_source_etag { SourceTag::Demanded } else { SourceTag::Optional };
        Self { seen, source_tag, write_guard: Duration::from_millis(flags.write_guard_ms) }
    }

    /// Whether an update of a contact comes too soon after the one before it.
    ///
    /// # Errors
    /// What a stale tag is told.
    pub(crate) fn demand_pause(&self, state: &Snapshot<Contact>, now: SystemTime) -> Result<(), Refused> {
        let was_updated = state.head().revision != state.head().created;
        let age = now.duration_since(state.modified_at()).unwrap_or_default();
        if was_updated && age < self.write_guard { Err(RefusalKind::Stale.into()) } else { Ok(()) }
    }
}
