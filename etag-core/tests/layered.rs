//! A layer that does nothing is the store below it: it passes the suite of all stores.

use std::sync::Arc;

use async_trait::async_trait;
use etag_core::{
    Batch, Committed, Environment, Error, ErrorKind, Layered, MemoryStore, Store, StoreExt as _, StoreLayer, Versioned,
};
use etag_testkit::{Ability, Backend};
use serde::{Deserialize, Serialize};

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
        Ok(Arc::new(Layered::new(Idle(MemoryStore::with_environment(environment)))))
    }

    fn lacks(&self) -> &'static [Ability] {
        &[Ability::Reopening, Ability::Sharing]
    }
}

etag_testkit::conformance!(Below);

#[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
#[versioned(collection = "notes", validator = revision)]
struct Note {
    #[versioned(id)]
    id: u64,
    count: u32,
}

/// Lets nothing be written.
#[derive(Clone)]
struct ReadOnly(MemoryStore);

#[async_trait]
impl StoreLayer for ReadOnly {
    fn below(&self) -> &dyn Store {
        &self.0
    }

    async fn commit(&self, _batch: Batch) -> Result<Committed, Error> {
        Err(Error::new(ErrorKind::Refused, "nothing is written here"))
    }
}

/// Who changes a resource beside others shares their commits, but only those of the same store.
#[tokio::test]
async fn a_layer_is_asked_for_each_change_that_is_made_through_it() {
    let below = MemoryStore::new();
    below.create(&Note { id: 1, count: 0 }).await.unwrap();
    let layered = Layered::new(ReadOnly(below.clone()));
    let count = |note: &mut Note| {
        note.count += 1;
        Ok(())
    };
    let changes = || (below.modify::<Note, _>(&1, count), layered.modify::<Note, _>(&1, count));
    for _ in 0..2 {
        let (below, above) = changes();
        let (above, below) = tokio::join!(above, below);
        assert_eq!(above.unwrap_err().kind(), ErrorKind::Refused);
        below.unwrap();
        let (below, above) = changes();
        let (below, above) = tokio::join!(below, above);
        assert_eq!(above.unwrap_err().kind(), ErrorKind::Refused);
        below.unwrap();
    }
    assert_eq!(below.get::<Note>(&1).await.unwrap().count, 4);
}
