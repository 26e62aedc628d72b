//! What an author has set for one resource.

use etag_core::{Comparison, Link, Model};
use http::HeaderValue;

use crate::resource::Policy;

/// Whether PUT answers carry validators.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum PutValidators {
    /// Always, so that a client can write again without a read (rule T6).
    #[default]
    Sent,
    /// Never, since the server completes what the client sent (RFC 9110 §9.3.4).
    Withheld,
}

/// Which methods there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Methods {
    #[default]
    All,
    ReadOnly,
}

/// What an author has set for one resource.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) policy: Policy,
    pub(crate) put_validators: PutValidators,
    pub(crate) methods: Methods,
    pub(crate) cache_control: Option<HeaderValue>,
    pub(crate) comparison: Option<Comparison>,
    pub(crate) page_size: PageSize,
    /// The last segment of the path under a parent, by the name of the link to it.
    pub(crate) segments: Vec<(String, String)>,
}

impl Settings {
    /// The last segment of the path under the parent of a link.
    pub(crate) fn segment_of(&self, model: &'static Model, link: &Link) -> &str {
        let chosen = self.segments.iter().find(|(name, _)| name == link.name);
        chosen.map_or(model.collection, |(_, segment)| segment)
    }
}

/// How many items a page of a list has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageSize {
    pub(crate) default: usize,
    pub(crate) max: usize,
}
