//! What a batch may be.

use clap::Args;
use etag_axum::{AtomicityGroups, JsonBatch};
use etag_core::{BatchRules, Dialect};

use crate::{
    dialect::GRAPH_BATCH,
    graph_batch::{DependsOn, GraphBatch, Urls},
};

/// The flags about batches.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Batches")]
pub(crate) struct BatchFlags {
    /// Which URLs the requests of a batch may have
    #[arg(long, value_enum, value_name = "WHICH", default_value = "any")]
    batch_urls: Urls,
    /// What `depends_on` in a batch means, as a client misspells `dependsOn`
    #[arg(long, value_enum, value_name = "WHAT", default_value = "overlooked")]
    depends_on: DependsOn,
    /// Extension that the service does not have: requests of a batch with the same `atomicityGroup` happen together or not
    #[arg(long)]
    atomic_batches: bool,
}

impl BatchFlags {
    pub(super) fn change(&self, dialect: &mut Dialect) {
        let atomicity_groups = if self.atomic_batches { AtomicityGroups::Honoured } else { AtomicityGroups::Ignored };
        let json = JsonBatch { atomicity_groups, ..JsonBatch::GRAPH };
        let codec = GraphBatch { json, urls: self.batch_urls, depends_on: self.depends_on };
        // A dialect has its parts for as long as the process runs, and so has this one.
        dialect.batch = Some(BatchRules { codec: Box::leak(Box::new(codec)), ..GRAPH_BATCH });
    }
}
