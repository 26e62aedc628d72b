//! The memory store passes the suite of all stores.

use std::sync::Arc;

use async_trait::async_trait;
use etag_core::{Environment, Error, MemoryStore, Store};
use etag_testkit::{Ability, Backend};

struct InMemory;

#[async_trait]
impl Backend for InMemory {
    async fn open(&self, environment: Environment) -> Result<Arc<dyn Store>, Error> {
        Ok(Arc::new(MemoryStore::with_environment(environment)))
    }

    fn lacks(&self) -> &'static [Ability] {
        &[Ability::Reopening, Ability::Sharing]
    }
}

etag_testkit::conformance!(InMemory);
