//! Resources that come to be with their parents.

use etag_core::{Batch, Error, Expectation, Key, Put, Store};

use crate::{call::Call, problem::Problem, registry::Registry};

impl Registry {
    /// What comes to be with the resource `key`, and with what comes to be with it.
    pub(crate) fn companions(&self, key: &Key, store: &dyn Store) -> Result<Vec<Put>, Error> {
        let mut puts = Vec::new();
        for child in self.starting_with(key.collection()) {
            if let Some(put) = child.model.companion(key.id(), store).transpose()? {
                let below = self.companions(&put.key, store)?;
                puts.push(put);
                puts.extend(below);
            }
        }
        Ok(puts)
    }
}

impl Call<'_> {
    pub(crate) fn has_companions(&self) -> bool {
        self.route.registry.starting_with(self.endpoint.description().collection).next().is_some()
    }

    /// What comes to be with the resource of a write, where that creates it.
    pub(crate) fn companions_of(&self, put: &Put) -> Result<Vec<Put>, Problem> {
        let companions = match put.expectation {
            Expectation::Absent => self.route.registry.companions(&put.key, self.store()),
            _ => Ok(Vec::new()),
        };
        // The client can't mend what the server's own values break.
        companions.map_err(|error| Problem::internal(&error))
    }

    /// A write, and where it creates what comes to be with it.
    pub(crate) fn batch_of(&self, put: Put) -> Result<Batch, Problem> {
        let companions = self.companions_of(&put)?;
        Ok(companions.into_iter().fold(Batch::new().put(put), Batch::put))
    }
}
