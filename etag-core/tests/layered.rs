//! A layer that does nothing is the store below it: it passes the suite of all stores.

use std::sync::Arc;

use async_trait::async_trait;
use etag_core::{Environment, Error, Layered, MemoryStore, Store, StoreLayer};
use etag_testkit::{Ability, Backend};

#[derive(Clone)]
struct Idle(MemoryStore);

impl StoreLayer for Idle {
    fn below(&self) -> &dyn Store {
        &self.0
    }
}

struct Below;

#[async_trait]
impl Backend for Below {
    async fn open(&self, environment: Environment) -> Result<Arc<dyn Store>, Error> {
        Ok(Arc::new(Layered(Idle(MemoryStore::with_environment(environment)))))
    }

    fn lacks(&self) -> &'static [Ability] {
        &[Ability::Reopening, Ability::Sharing]
    }
}

etag_testkit::conformance!(Below);
