//! The names of requests and of groups of them, which are told apart whatever the case of their letters.

use std::collections::HashMap;

use etag_core::BatchSyntaxError;

use super::place::Place;

/// The longest id, in bytes. That of a group's first request comes to stand wherever the group is named.
const MOST_ID_BYTES: usize = 255;

/// All names of a batch, in lower case.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// The ids, as the requests have them.
    requests: HashMap<String, String>,
    /// The id of the first request of each group.
    groups: HashMap<String, String>,
}

impl Names {
    /// Adds a request.
    ///
    /// # Errors
    /// Where the name is taken, or too long.
    pub(super) fn add_request(&mut self, id: &str, place: Place) -> Result<(), BatchSyntaxError> {
        if id.len() > MOST_ID_BYTES {
            return Err(place.error(&["id"], format_args!("is too long; send {MOST_ID_BYTES} bytes at most")));
        }
        match self.requests.insert(id.to_lowercase(), id.to_owned()) {
            None => Ok(()),
            Some(_) => Err(place.error(&["id"], "is taken by another; send one that differs in more than case")),
        }
    }

    /// Adds a member of a group, after all requests were added.
    ///
    /// # Errors
    /// Where a request has the name.
    pub(super) fn add_to_group(&mut self, group: &str, id: &str, place: Place) -> Result<(), BatchSyntaxError> {
        let group = group.to_lowercase();
        if self.requests.contains_key(&group) {
            return Err(place.error(&["atomicityGroup"], "is the id of a request; send another name"));
        }
        self.groups.entry(group).or_insert_with(|| id.to_owned());
        Ok(())
    }

    /// The id of the request that is meant, as that has it. One of a group stands for all, so that a list of groups
    /// stays as long as it is.
    pub(super) fn resolve(&self, name: String) -> String {
        let lower_case = name.to_lowercase();
        self.requests.get(&lower_case).or_else(|| self.groups.get(&lower_case)).cloned().unwrap_or(name)
    }
}
