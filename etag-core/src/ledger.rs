//! Commits that are done once, however often they are sent (rule P6).

use std::time::Duration;

use smallvec::SmallVec;

use crate::{ContentDigest, Touched, Written};

/// A commit's claim to be done once: its row in the ledger (rule P6).
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// let key = LedgerKey { principal: "ada".into(), key: "k1".into() };
/// let keep_for = std::time::Duration::from_secs(3600);
/// let claim = LedgerClaim { key, fingerprint: ContentDigest::from_bytes([1; 16]), keep_for };
/// store.commit(Batch::new().once(claim.clone())).await?;
///
/// let other = LedgerClaim { fingerprint: ContentDigest::from_bytes([2; 16]), ..claim };
/// let error = store.commit(Batch::new().once(other)).await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::KeyReused);
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerClaim {
    /// Whose key, and which.
    pub key: LedgerKey,
    /// What tells this request from another one under the same key.
    pub fingerprint: ContentDigest,
    /// How long the row is kept.
    pub keep_for: Duration,
}

/// An idempotency key: the one who chose it and what was chosen. Two principals never share one.
///
/// ```
/// use etag_core::LedgerKey;
///
/// let ada = LedgerKey { principal: "ada".into(), key: "k1".into() };
/// let bob = LedgerKey { principal: "bob".into(), key: "k1".into() };
/// assert_ne!(ada, bob);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LedgerKey {
    /// Who is asking; empty where nobody is told apart.
    pub principal: String,
    /// The `Idempotency-Key`.
    pub key: String,
}

/// A row of the ledger: what a commit did.
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// let key = LedgerKey { principal: "ada".into(), key: "k1".into() };
/// let (fingerprint, keep_for) = (ContentDigest::from_bytes([1; 16]), std::time::Duration::from_secs(3600));
/// let claim = LedgerClaim { key: key.clone(), fingerprint, keep_for };
/// let done = store.commit(Batch::new().once(claim)).await?;
/// assert_eq!(store.recall(&key).await?, Some(LedgerEntry { fingerprint, items: done.items, touched: done.touched }));
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerEntry {
    /// The fingerprint of the request that was done.
    pub fingerprint: ContentDigest,
    /// What it did.
    pub items: SmallVec<[Written; 1]>,
    /// What else it changed.
    pub touched: Vec<Touched>,
}
