//! The registration of a whole API.

use std::{fmt, future::Future, sync::Arc};

use axum::Router;
use etag_core::{Dialect, Document, Store};
use tower_http::cors::AllowOrigin;
use utoipa::ToSchema;

use crate::{
    authorize::{AccessRequest, Denied, Principal, RequestHook},
    batch,
    cors::CorsLayer,
    endpoint::{Endpoint, Shared},
    limits::Limits,
    model::AnyModel,
    openapi::{self, Described, Info, ModelSchema},
    registration,
    registry::Registry,
    resource::Resource,
    routes,
    settings::Settings,
};

/// One model and what its author has set for it.
pub(crate) struct Registration {
    pub(crate) model: Box<dyn AnyModel>,
    pub(crate) settings: Settings,
    pub(crate) schema: ModelSchema,
}

impl Registration {
    fn into_resource(self, shared: &Arc<Shared>) -> Described {
        (Arc::new(Endpoint::new(Arc::clone(shared), self.model, self.settings)), self.schema)
    }
}

/// An HTTP API over a store: routes for each registered model, and `/openapi.json`.
///
/// ```
/// use etag_axum::{Api, Resource};
/// use etag_core::{MemoryStore, Versioned};
/// use serde::{Deserialize, Serialize};
/// use utoipa::ToSchema;
///
/// #[derive(Serialize, Deserialize, ToSchema, Versioned)]
/// #[versioned(collection = "tasks", validator = revision)]
/// struct Task {
///     #[versioned(id)]
///     id: String,
///     title: String,
/// }
///
/// let app: axum::Router = Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).router();
/// ```
pub struct Api {
    shared: Shared,
    registrations: Vec<Registration>,
    info: Info,
    cors: Option<AllowOrigin>,
    batches: Batching,
}

/// Whether there is a route for batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Batching {
    Offered,
    Withheld,
}

impl Api {
    /// An API over `store`, without resources yet.
    pub fn new(store: impl Store) -> Self {
        let store = Arc::new(store);
        let shared = Shared { store, dialect: Dialect::RFC_9110, limits: Limits::default(), hook: None };
        Self { shared, registrations: Vec::new(), info: Info::default(), cors: None, batches: Batching::Offered }
    }

    /// Adds the routes of a model.
    #[must_use]
    pub fn resource<T: Document + ToSchema>(mut self, resource: Resource<T>) -> Self {
        self.shared.store.coordinator().environment().learn(T::MODEL);
        self.registrations.push(resource.into_registration());
        self
    }

    /// Spells conditional requests as this dialect does, in place of [`Dialect::RFC_9110`].
    ///
    /// Its comparison, its statuses, the shape of its errors and its [`no_condition`](Dialect::no_condition) are spoken. Which
    /// writes need a condition is said with [`Resource::policy`], and a tag that is not current is always refused. An API with
    /// tags of its own or conditions in bodies is written by hand, with a [`Dialogue`](crate::Dialogue). Errors of its own
    /// shape have no place for the answers to the items of a batch that failed.
    ///
    /// ```
    /// # use etag_axum::{Api, Resource};
    /// # use etag_core::Versioned;
    /// # #[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note {
    /// #     #[versioned(id)]
    /// #     id: String,
    /// #     text: String,
    /// # }
    /// # use axum::body::Body;
    /// # use http::Request;
    /// # use tower::ServiceExt;
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// use etag_core::{Dialect, MemoryStore};
    ///
    /// let dialect = Dialect { missing_status: 403, ..Dialect::RFC_9110 };
    /// let app = Api::new(MemoryStore::new()).dialect(dialect).resource(Resource::<Note>::new()).router();
    /// # let store = Request::put("/notes/1").header("if-none-match", "*").header("content-type", "application/json");
    /// # app.clone().oneshot(store.body(Body::from(r#"{"id":"1","text":"tea"}"#))?).await?;
    ///
    /// let unconditional = Request::delete("/notes/1").body(Body::empty())?;
    /// assert_eq!(app.oneshot(unconditional).await?.status(), 403);
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.shared.dialect = dialect;
        self
    }

    /// How much of a request is read before it is refused.
    ///
    /// ```
    /// # use etag_axum::{Api, Resource};
    /// # use etag_core::Versioned;
    /// # #[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note {
    /// #     #[versioned(id)]
    /// #     id: String,
    /// #     text: String,
    /// # }
    /// # use axum::body::Body;
    /// # use http::Request;
    /// # use tower::ServiceExt;
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// use etag_axum::Limits;
    /// # use etag_core::MemoryStore;
    ///
    /// let limits = Limits { body_bytes: 16, ..Limits::default() };
    /// let app = Api::new(MemoryStore::new()).limits(limits).resource(Resource::<Note>::new()).router();
    ///
    /// let put = Request::put("/notes/1").header("if-none-match", "*").header("content-type", "application/json");
    /// let answer = app.oneshot(put.body(Body::from(r#"{"id":"1","text":"tea"}"#))?).await?;
    /// assert_eq!(answer.status(), 413);
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.shared.limits = limits;
        self
    }

    /// Lets the browser pages of these origins use the API (rule H5); see [`CorsLayer`].
    ///
    /// ```
    /// # use etag_axum::{Api, Resource};
    /// # use etag_core::Versioned;
    /// # #[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note {
    /// #     #[versioned(id)]
    /// #     id: String,
    /// #     text: String,
    /// # }
    /// # use axum::body::Body;
    /// # use http::Request;
    /// # use tower::ServiceExt;
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # use etag_core::MemoryStore;
    /// use http::HeaderValue;
    ///
    /// let origin = HeaderValue::from_static("https://app.example");
    /// let app = Api::new(MemoryStore::new()).cors(origin).resource(Resource::<Note>::new()).router();
    ///
    /// let request = Request::get("/notes").header("origin", "https://app.example").body(Body::empty())?;
    /// let answer = app.oneshot(request).await?;
    /// assert_eq!(answer.headers()["access-control-allow-origin"], "https://app.example");
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn cors(mut self, origins: impl Into<AllowOrigin>) -> Self {
        self.cors = Some(origins.into());
        self
    }

    /// Offers no `POST /$batch`, which is there otherwise. It lets a client write many resources together or none of them
    /// (rule B1), under the rules of each resource.
    ///
    /// ```
    /// # use etag_axum::{Api, Resource};
    /// # use etag_core::{MemoryStore, Versioned};
    /// # #[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note {
    /// #     #[versioned(id)]
    /// #     id: String,
    /// #     text: String,
    /// # }
    /// # use axum::body::Body;
    /// # use http::Request;
    /// # use tower::ServiceExt;
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let batch = || {
    ///     let item = r#"{"method": "PUT", "path": "/notes/1", "body": {"text": "tea"}}"#;
    ///     let request = Request::post("/$batch").header("content-type", "application/json");
    ///     request.body(Body::from(format!(r#"{{"items": [{item}]}}"#)))
    /// };
    /// let with = Api::new(MemoryStore::new()).resource(Resource::<Note>::new()).router();
    /// assert_eq!(with.oneshot(batch()?).await?.status(), 200);
    /// let without = Api::new(MemoryStore::new()).resource(Resource::<Note>::new()).without_batches().router();
    /// assert_eq!(without.oneshot(batch()?).await?.status(), 404);
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn without_batches(mut self) -> Self {
        self.batches = Batching::Withheld;
        self
    }

    /// The title in `/openapi.json`.
    ///
    /// ```
    /// # use etag_axum::Api;
    /// # use etag_core::MemoryStore;
    /// let api = Api::new(MemoryStore::new()).title("Notes").version("2.1.0");
    /// ```
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.info.title = title.into();
        self
    }

    /// The version in `/openapi.json`.
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.info.version = version.into();
        self
    }

    /// Asks `hook` who is asking and whether they may, before anything else is looked at (rule H8).
    ///
    /// A write may ask twice: where its answer would show a state that the caller did not send, the hook decides on
    /// [`Action::Read`](crate::Action::Read), too. A JSON Patch with a `test` is refused with 403 where it may not be read.
    ///
    /// A batch is asked about as a whole, for [`Action::Batch`](crate::Action::Batch), and then item by item, each as a request
    /// of its own with the headers that say who is asking.
    ///
    /// A list is one request for [`Action::List`](crate::Action::List): a hook that denies reads of some keys does not take
    /// them out of lists. Deny the list, or hide its items with [`Resource::authorize_value`]. The hook isn't asked for
    /// `/openapi.json`, nor for paths of no resource.
    ///
    /// ```
    /// use etag_axum::{AccessRequest, Api, Denied, Principal};
    /// use etag_core::MemoryStore;
    /// use http::{HeaderValue, header::AUTHORIZATION};
    ///
    /// let api = Api::new(MemoryStore::new()).authorize(|request: AccessRequest| async move {
    ///     match request.parts.headers.get(AUTHORIZATION).map(HeaderValue::as_bytes) {
    ///         Some(b"Bearer ada's") => Ok(Principal::new("ada")),
    ///         Some(_) => Err(Denied::Forbidden),
    ///         None => Err(Denied::Unauthenticated(HeaderValue::from_static("Bearer"))),
    ///     }
    /// });
    /// ```
    #[must_use]
    pub fn authorize<F, D>(mut self, hook: F) -> Self
    where
        F: Fn(AccessRequest) -> D + Send + Sync + 'static,
        D: Future<Output = Result<Principal, Denied>> + Send + 'static,
    {
        self.shared.hook = Some(RequestHook::new(hook));
        self
    }

    /// The router.
    ///
    /// # Panics
    /// As [`Router::route`] does, where the set-up can't work: two models with one collection or one schema name, a
    /// collection's name that is no path segment, two kinds of children at one path, a [`Resource::nested`] of no link, a
    /// [`Resource::starts_with_parent`] without a parent to start with, page sizes of 0 or out of order, a model with
    /// `digest(weak)` or an opaque validator that could never be written, a dialect that needs handlers of its own.
    pub fn router(self) -> Router {
        registration::check(&self.registrations, &self.shared.dialect);
        let shared = Arc::new(self.shared);
        let resources: Vec<_> = self.registrations.into_iter().map(|one| one.into_resource(&shared)).collect();
        let registry = Arc::new(Registry::new(resources.iter().map(|(endpoint, _)| Arc::clone(endpoint)).collect()));
        let mut document = openapi::document(&self.info, &resources, &registry);
        let mut router = routes::of(&registry);
        if self.batches == Batching::Offered {
            openapi::describe_batches(&mut document, &shared);
            router = router.merge(batch::route(&shared, &registry));
        }
        let router = router.merge(openapi::route(&document));
        match self.cors {
            Some(origins) => router.layer(CorsLayer::new(origins)),
            None => router,
        }
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let collections: Vec<_> = self.registrations.iter().map(|one| one.model.description().collection).collect();
        f.debug_struct("Api").field("collections", &collections).finish_non_exhaustive()
    }
}
