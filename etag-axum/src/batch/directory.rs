//! Which route an item's path leads to.

use std::sync::Arc;

use crate::{place::Route, registry::Registry, routes};

/// All routes that an item can have.
pub(super) struct Directory(Vec<(String, Route)>);

impl Directory {
    pub(super) fn of(registry: &Arc<Registry>) -> Self {
        Self(routes::all(registry).collect())
    }

    /// The route of a path, as the router would find it.
    pub(super) fn find(&self, path: &str) -> Option<&Route> {
        self.0.iter().find(|(pattern, _)| leads_to(pattern, path)).map(|(_, route)| route)
    }
}

fn leads_to(pattern: &str, path: &str) -> bool {
    let is_met = |(segment, pattern): (&str, &str)| segment == pattern || (pattern == "{id}" && !segment.is_empty());
    pattern.split('/').count() == path.split('/').count() && path.split('/').zip(pattern.split('/')).all(is_met)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_where_its_segments_do() {
        for path in ["/boards/1/tasks", "/boards/%2F/tasks", "/boards/{id}/tasks"] {
            assert!(leads_to("/boards/{id}/tasks", path), "{path}");
        }
        for path in
            ["/boards", "/boards/1", "/boards//tasks", "/boards/1/tasks/", "/boards/1/tasks/2", "boards/1/tasks"]
        {
            assert!(!leads_to("/boards/{id}/tasks", path), "{path}");
        }
    }
}
