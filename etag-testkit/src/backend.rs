//! What the suite runs on.

use std::sync::Arc;

use async_trait::async_trait;
use etag_core::{Environment, Error, ErrorKind, Store};

/// A place in which a store keeps what it keeps: a file, a database, nothing but memory. Each case gets one of its own and
/// opens it.
///
/// # Contract
/// * What a case finds where it opens its store is nothing, or what other cases have left: no case uses a key or a collection
///   that another one uses, nor has the same case in an earlier run. So one database may serve all cases, also at the same
///   time.
/// * The store takes its clock from the environment that it is opened in (rule S8).
///
/// ```
/// use std::{path::PathBuf, sync::Arc};
/// use etag_core::{Environment, Error, MemoryStore, Store};
/// use etag_testkit::{Ability, Backend};
///
/// struct InMemory;
///
/// #[async_trait::async_trait]
/// impl Backend for InMemory {
///     async fn open(&self, environment: Environment) -> Result<Arc<dyn Store>, Error> {
///         Ok(Arc::new(MemoryStore::with_environment(environment)))
///     }
///
///     fn lacks(&self) -> &'static [Ability] {
///         &[Ability::Reopening, Ability::Sharing]
///     }
/// }
///
/// etag_testkit::run(etag_testkit::Case::named("what_was_written_is_read_back").unwrap(), &InMemory);
/// ```
#[async_trait]
pub trait Backend: Send + Sync + 'static {
    /// Opens the store, for the first time.
    ///
    /// # Errors
    /// Any, and the case fails with it.
    async fn open(&self, environment: Environment) -> Result<Arc<dyn Store>, Error>;

    /// Opens what is there once more: after the store that was opened before is closed, as a restart of the process does, or
    /// while it is in use, as a second process does.
    ///
    /// # Errors
    /// [`ErrorKind::Unsupported`] where the backend [lacks](Self::lacks) what the case needs; any other one fails the case.
    async fn reopen(&self, environment: Environment) -> Result<Arc<dyn Store>, Error> {
        let _ = environment;
        Err(Error::new(ErrorKind::Unsupported, "this store keeps nothing that could be opened again"))
    }

    /// What of the optional abilities this backend has not. The cases that need one of them then ask for the refusal
    /// instead.
    fn lacks(&self) -> &'static [Ability] {
        &[]
    }
}

/// What a store can do or not do and still keep the contract. Everything else is demanded of each.
///
/// ```
/// use etag_testkit::Ability;
///
/// // A store in a file that one process locks, and that keeps no change logs:
/// const LACKS: &[Ability] = &[Ability::Sharing, Ability::ChangeLog];
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ability {
    /// What was answered is there when the store is opened again. Without it [`Backend::reopen`] is
    /// [`ErrorKind::Unsupported`].
    Reopening,
    /// Two stores over the same data are in use at once, as by two processes. Without it [`Backend::reopen`] is
    /// [`ErrorKind::Unsupported`] while another store is in use.
    Sharing,
    /// Conflicts name the fields that changed since the caller's tag (rule B2). Without it they name none.
    ChangeLog,
    /// Fields of a parent follow its children (rule F5). Without it a write of a child that a parent follows is
    /// [`ErrorKind::Unsupported`].
    DerivedFields,
}
