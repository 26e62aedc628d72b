//! A model without its type, so that the routes are compiled once and not for each.

use std::{any::Any, marker::PhantomData};

use bytes::Bytes;
use etag_core::{
    Document, Environment, Error, ErrorKind, Expectation, InvalidId, Key, Model, ModelId, Put, Row, Store, decode,
    from_client, put_document, representation,
};
use serde_json::Value;

use crate::{
    authorize::{Action, Principal, ValueAccess, ValueHook},
    problem::Problem,
};

/// What the routes ask of a model.
pub(crate) trait AnyModel: Send + Sync {
    fn description(&self) -> &'static Model;

    /// The key of the resource with this id.
    fn key(&self, id: &str) -> Result<Key, InvalidId>;

    /// What an id looks like, in words.
    fn id_form(&self) -> &'static str;

    /// A key that no resource has; `None` where ids can't be made up.
    fn new_key(&self, environment: &Environment) -> Option<Key>;

    fn representation(&self, row: &Row) -> Result<Bytes, Error>;

    /// The value of a client's body for the resource `key`.
    fn candidate(&self, body: Value, key: &Key) -> Result<Box<dyn Candidate>, Error>;

    /// Whether a hook wants to see values.
    fn judges_values(&self) -> bool;

    /// Asks the hook, where there is one.
    fn judge(
        &self,
        principal: &Principal,
        action: Action,
        stored: Option<&Row>,
        new: Option<&dyn Candidate>,
    ) -> Result<(), Problem>;
}

/// A value that may be written.
pub(crate) trait Candidate: Any + Send + Sync {
    /// Its write under `expectation`, checked by the rules of the model.
    fn put(&self, store: &dyn Store, expectation: Expectation) -> Result<Put, Error>;
}

/// The model of `T`.
pub(crate) struct Typed<T> {
    hook: Option<ValueHook<T>>,
    model: PhantomData<fn() -> T>,
}

impl<T> Typed<T> {
    pub(crate) fn new(hook: Option<ValueHook<T>>) -> Self {
        Self { hook, model: PhantomData }
    }
}

struct TypedValue<T>(T);

impl<T: Document> Candidate for TypedValue<T> {
    fn put(&self, store: &dyn Store, expectation: Expectation) -> Result<Put, Error> {
        put_document(store, &self.0, expectation)
    }
}

impl<T: Document> AnyModel for Typed<T> {
    fn description(&self) -> &'static Model {
        T::MODEL
    }

    fn key(&self, id: &str) -> Result<Key, InvalidId> {
        T::Id::parse(id).map(|id| T::key_of(&id))
    }

    fn id_form(&self) -> &'static str {
        T::Id::EXPECTED
    }

    fn new_key(&self, environment: &Environment) -> Option<Key> {
        T::Id::generate(environment).map(|id| T::key_of(&id))
    }

    fn representation(&self, row: &Row) -> Result<Bytes, Error> {
        representation::<T>(row)
    }

    fn candidate(&self, body: Value, key: &Key) -> Result<Box<dyn Candidate>, Error> {
        let id = T::Id::parse(key.id()).map_err(|invalid| Error::new(ErrorKind::Engine, invalid.to_string()))?;
        Ok(Box::new(TypedValue(from_client::<T>(body, &id)?)))
    }

    fn judges_values(&self) -> bool {
        self.hook.is_some()
    }

    fn judge(
        &self,
        principal: &Principal,
        action: Action,
        stored: Option<&Row>,
        new: Option<&dyn Candidate>,
    ) -> Result<(), Problem> {
        let Some(hook) = &self.hook else { return Ok(()) };
        let stored = stored.map(decode::<T>).transpose()?;
        let new =
            new.and_then(|candidate| (candidate as &dyn Any).downcast_ref::<TypedValue<T>>()).map(|value| &value.0);
        let access = ValueAccess { principal, action, stored: stored.as_ref(), new };
        hook(&access).map_err(Problem::from)
    }
}
