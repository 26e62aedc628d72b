//! Optimistic concurrency for Rust models: entity tags, the preconditions of RFC 9110 §13, and stores in which compare
//! and write are one step.
//!
//! A model is a struct with `#[derive(Versioned)]`. Its states have tags; a write names the tag it was made from and
//! fails, with nothing written, where the resource has moved on. No update is lost.
//!
//! ```
//! use etag_core::{Error, MemoryStore, StoreExt, Versioned};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
//! #[versioned(collection = "notes", validator = revision)]
//! struct Note {
//!     #[versioned(id)]
//!     id: String,
//!     text: String,
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let store = MemoryStore::new();
//! let mine = store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
//!
//! // Somebody else is faster …
//! store.modify(&"1".to_owned(), |note: &mut Note| Ok(note.text.push_str(", eggs"))).await?;
//!
//! // … and my write does not undo theirs.
//! let error = mine.edit(|note| note.text = "tea".into()).save(&store).await.unwrap_err();
//! assert!(error.is_stale());
//! # Ok::<(), Error>(()) }).unwrap();
//! ```
//!
//! # Where to look
//! * Tags: [`ETag`], [`Validator`], [`ContentDigest`]. Conditions: [`Preconditions`], [`Verdict`].
//! * Models: [`Versioned`], [`Content`], [`ModelId`], and their derives; [`Model`], the static description.
//! * Stores: [`Store`] and [`StoreExt`], [`Batch`], [`MemoryStore`]; [`StoreLayer`] for what is done
//!   besides, and [`transaction::commit`] for who writes one.
//! * Writers that know nothing of each other, committed as one: [`UnitOfWork`].
//! * Edits: [`Snapshot`], [`Edit`], [`StoreExt::modify`], [`Versioned::merge`].
//!
//! `modify` needs a tokio runtime with its timers enabled; nothing else here does.

mod batch;
mod by_name;
mod changes;
mod committed;
mod conflict;
mod coordinator;
mod derived;
mod dialect;
mod digest;
mod document;
mod environment;
mod error;
mod etag;
mod etag_list;
mod evaluate;
mod expectation;
mod field;
mod http_date;
mod key;
mod ledger;
mod link;
mod memory;
mod merge;
mod model;
mod model_id;
mod models;
mod modify;
mod pages;
mod parents;
mod precondition;
mod record;
mod revision;
mod row;
mod snapshot;
mod store;
mod store_ext;
mod store_layer;
mod time;
mod touched_tag;
pub mod transaction;
mod unit_of_work;
mod validator;
mod versioned;

#[doc(hidden)]
pub mod __private;

pub use batch::{Batch, Check, Delete, IfUnchanged, Item, Put};
pub use by_name::ByName;
pub use changes::{
    Change, ChangeLog, ChangeRule,
    paths::{changed_paths, do_paths_overlap, merge_patch_paths},
};
pub use committed::{Committed, Effect, Replay, Touched, Written};
pub use conflict::{Cause, Conflict};
pub use coordinator::{Coordinator, InFlight};
pub use derived::{Derive, KeepDerived};
pub use dialect::{
    AfterFailure, AllowUnconditional, BatchCodec, BatchPart, BatchRules, BatchStep, BatchSyntaxError, BothConditions,
    ChangesSince, ConditionPlacement, Dialect, EncodedBatch, ErrorBody, ErrorContext, ErrorEnvelope, ErrorFormat,
    ErrorRow, ErrorShape, ErrorTable, FailedTogether, Judgement, MergeDisjoint, Mismatch, Missing, Named, NoCondition,
    PartAnswer, PartReferences, Refusal, RefusalKind, RefuseStale, RequireCondition, Stale, StoredTags, TagCodec,
    TagMember, TagOfAbsent, TagPlacement, TagText, ToldError, Wildcard, WriteIntent, WriteKind,
};
pub use digest::{Content, ContentDigest, DigestKey, Digester, InvalidDigestKey};
pub use document::{decode, from_client, put_document, representation};
pub use environment::{Clock, Environment, Randomness};
pub use error::{Error, ErrorKind, Violation, Violations};
pub use etag::{ETag, InvalidETag, Strength};
pub use etag_list::{EntityTags, TagLimits, TagList};
pub use evaluate::{Current, FailedHeader, Guard, LastModified, MethodKind, Verdict};
pub use expectation::{Expectation, TagMatch, TagPart};
pub use field::{Field, Malformed};
pub use http_date::{format_http_date, parse_http_date, whole_seconds};
pub use key::Key;
pub use ledger::{LedgerClaim, LedgerEntry, LedgerKey};
pub use link::{Cardinality, Derives, Link, LinkRule, Lock, OnDelete, Presence, Touch};
pub use memory::MemoryStore;
pub use merge::{MergeConflict, MergeUnion, Merged, merge_field};
pub use model::{FieldRole, MergeRule, Model, ModelField};
pub use model_id::{InvalidId, MAX_ID_BYTES, ModelId};
pub use parents::{Hold, ParentLink, Parents};
pub use precondition::{Comparison, IfRange, Preconditions};
pub use revision::{Epoch, Revision};
pub use row::{Head, Row};
pub use snapshot::{Edit, Snapshot};
pub use store::{Capabilities, Cursor, Durability, Page, ParentFilter, Scan, Store, TagEntry};
pub use store_ext::StoreExt;
pub use store_layer::{Layered, StoreLayer};
pub use time::{from_unix_micros, unix_micros};
pub use transaction::Transaction;
pub use unit_of_work::{Begun, Member, UnitOfWork, UnitOutcome};
pub use validator::{DigestRule, StoredTag, TagPlan, Validator};
pub use versioned::{Document, Patch, Versioned};

#[cfg(feature = "derive")]
pub use etag_derive::{Content, ModelId, Versioned};
