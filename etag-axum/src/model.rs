//! A model without its type, so that the routes are compiled once and not for each.

use std::any::Any;

use bytes::Bytes;
use etag_core::{
    Document, Environment, Error, ErrorKind, Expectation, InvalidId, Key, Model, ModelId, Parents, Put, Row, Store,
    Versioned, decode, from_client, put_document, representation,
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

    /// The id of a resource as members of documents have it.
    fn id_value(&self, key: &Key) -> Result<Value, Error>;

    fn representation(&self, row: &Row) -> Result<Bytes, Error>;

    /// The resource that comes to be with its parent, under the parent's id; `None` where it doesn't.
    fn companion(&self, id: &str, store: &dyn Store) -> Option<Result<Put, Error>>;

    /// Whether each comes to be with its parent.
    fn starts_with_parent(&self) -> bool;

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

    /// The parents that it names.
    fn parents(&self) -> Parents;
}

/// The model of `T`.
pub(crate) struct Typed<T> {
    pub(crate) hook: Option<ValueHook<T>>,
    pub(crate) start: Option<Start<T>>,
}

/// Makes what comes to be with its parent, under this key.
pub(crate) type Start<T> = Box<dyn Fn(&Key) -> Result<T, Error> + Send + Sync>;

/// The id in a key of the model's collection.
pub(crate) fn id_of<T: Versioned>(key: &Key) -> Result<T::Id, Error> {
    T::Id::parse(key.id()).map_err(|invalid| Error::new(ErrorKind::Engine, invalid.to_string()))
}

struct TypedValue<T>(T);

impl<T: Document> Candidate for TypedValue<T> {
    fn put(&self, store: &dyn Store, expectation: Expectation) -> Result<Put, Error> {
        put_document(store, &self.0, expectation)
    }

    fn parents(&self) -> Parents {
        self.0.parents()
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

    fn id_value(&self, key: &Key) -> Result<Value, Error> {
        serde_json::to_value(id_of::<T>(key)?).map_err(|error| {
            Error::new(ErrorKind::Undecodable, format!("the id of {key} can't be written as JSON: {error}"))
        })
    }

    fn companion(&self, id: &str, store: &dyn Store) -> Option<Result<Put, Error>> {
        let start = self.start.as_ref()?;
        let key = Key::new(T::MODEL.collection, id);
        Some(start(&key).and_then(|value| put_document(store, &value, Expectation::Absent)))
    }

    fn starts_with_parent(&self) -> bool {
        self.start.is_some()
    }

    fn representation(&self, row: &Row) -> Result<Bytes, Error> {
        representation::<T>(row)
    }

    fn candidate(&self, body: Value, key: &Key) -> Result<Box<dyn Candidate>, Error> {
        Ok(Box::new(TypedValue(from_client::<T>(body, &id_of::<T>(key)?)?)))
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
