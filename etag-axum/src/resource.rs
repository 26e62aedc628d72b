//! The registration of one model.

use std::fmt;

use etag_core::{Comparison, Document};
use http::HeaderValue;
use utoipa::ToSchema;

use crate::{
    api::Registration,
    authorize::{Denied, ValueAccess, ValueHook},
    model::{Start, Typed, id_of},
    openapi::ModelSchema,
    settings::{Methods, PageSize, PutValidators, Settings},
};

/// Whether a write needs a condition (rule P5).
///
/// ```
/// use etag_axum::Policy;
///
/// assert_eq!(Policy::default(), Policy::Required);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// A write without a condition is 428, and a PUT without one may only create. Who wants the last one to win says so
    /// with `If-Match: *`.
    #[default]
    Required,
    /// A write without a condition is done: the last one wins, and updates can be lost.
    Optional,
}

/// The routes of one model: `/{collection}` and `/{collection}/{id}`, and for each link to a parent that is registered, too,
/// `/{parents}/{id}/{collection}`.
///
/// ```
/// use etag_axum::{Policy, Resource};
/// use etag_core::Versioned;
/// use serde::{Deserialize, Serialize};
/// use utoipa::ToSchema;
///
/// #[derive(Serialize, Deserialize, ToSchema, Versioned)]
/// #[versioned(collection = "notes", validator = revision)]
/// struct Note {
///     #[versioned(id)]
///     id: String,
///     text: String,
/// }
///
/// let notes = Resource::<Note>::new().policy(Policy::Optional).page_size(20, 100);
/// ```
pub struct Resource<T> {
    settings: Settings,
    hook: Option<ValueHook<T>>,
    start: Option<Start<T>>,
}

impl<T: Document + ToSchema> Resource<T> {
    /// All methods, conditions required, pages of 50 items and at most 500.
    pub fn new() -> Self {
        let settings = Settings {
            policy: Policy::default(),
            put_validators: PutValidators::default(),
            methods: Methods::default(),
            cache_control: None,
            comparison: None,
            page_size: PageSize { default: 50, max: 500 },
            segments: Vec::new(),
        };
        Self { settings, hook: None, start: None }
    }

    /// Whether a write needs a condition.
    ///
    /// ```
    /// # use etag_axum::{Api, Resource};
    /// # use etag_core::MemoryStore;
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
    /// use etag_axum::Policy;
    ///
    /// let notes = Resource::<Note>::new().policy(Policy::Optional);
    /// let app = Api::new(MemoryStore::new()).resource(notes).router();
    /// # let store = Request::put("/notes/1").header("if-none-match", "*").header("content-type", "application/json");
    /// # let stored = app.clone().oneshot(store.body(Body::from(r#"{"id":"1","text":"tea"}"#))?).await?;
    ///
    /// let unconditional = Request::delete("/notes/1").body(Body::empty())?;
    /// assert_eq!(app.oneshot(unconditional).await?.status(), 204); // 428 under Policy::Required
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.settings.policy = policy;
        self
    }

    /// The `Cache-Control` of reads, in place of `no-cache`, or `private, no-cache` where access is restricted.
    ///
    /// With a lifetime, a client may hold a state that is no longer current and find out only when it writes.
    ///
    /// ```
    /// # use etag_axum::{Api, Resource};
    /// # use etag_core::MemoryStore;
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
    /// use http::HeaderValue;
    ///
    /// let notes = Resource::<Note>::new().cache_control(HeaderValue::from_static("max-age=5"));
    /// let app = Api::new(MemoryStore::new()).resource(notes).router();
    /// # let store = Request::put("/notes/1").header("if-none-match", "*").header("content-type", "application/json");
    /// # let stored = app.clone().oneshot(store.body(Body::from(r#"{"id":"1","text":"tea"}"#))?).await?;
    ///
    /// let answer = app.oneshot(Request::get("/notes/1").body(Body::empty())?).await?;
    /// assert_eq!(answer.headers()["cache-control"], "max-age=5");
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn cache_control(mut self, value: HeaderValue) -> Self {
        self.settings.cache_control = Some(value);
        self
    }

    /// How many items a page has when the client doesn't say, and how many it can ask for.
    ///
    /// ```
    /// # use etag_axum::{Api, Resource};
    /// # use etag_core::MemoryStore;
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
    /// let notes = Resource::<Note>::new().page_size(20, 100);
    /// let app = Api::new(MemoryStore::new()).resource(notes).router();
    ///
    /// let greedy = Request::get("/notes?limit=101").body(Body::empty())?;
    /// assert_eq!(app.oneshot(greedy).await?.status(), 400);
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn page_size(mut self, default: usize, max: usize) -> Self {
        self.settings.page_size = PageSize { default, max };
        self
    }

    /// Lets `If-Match` pass for a tag that a proxy weakened on its way to the client, against RFC 9110 §13.1.1 (rule T7).
    ///
    /// ```
    /// # use etag_axum::{Api, Resource};
    /// # use etag_core::MemoryStore;
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
    /// let notes = Resource::<Note>::new().accept_weakened_tags();
    /// let app = Api::new(MemoryStore::new()).resource(notes).router();
    /// # let store = Request::put("/notes/1").header("if-none-match", "*").header("content-type", "application/json");
    /// # let stored = app.clone().oneshot(store.body(Body::from(r#"{"id":"1","text":"tea"}"#))?).await?;
    /// # let tag = stored.headers()["etag"].to_str()?;
    ///
    /// let delete = Request::delete("/notes/1").header("if-match", format!("W/{tag}"));
    /// let answer = app.oneshot(delete.body(Body::empty())?).await?;
    /// assert_eq!(answer.status(), 204); // 412 by default
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn accept_weakened_tags(mut self) -> Self {
        self.settings.comparison = Some(Comparison::StrongOrWeakened);
        self
    }

    /// Leaves `ETag` and `Last-Modified` out of the answers to PUT, as the letter of RFC 9110 §9.3.4 wants where a server
    /// completes what it was sent (rule T6). Clients must read before they write again.
    ///
    /// ```
    /// # use etag_axum::{Api, Resource};
    /// # use etag_core::MemoryStore;
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
    /// let notes = Resource::<Note>::new().strict_put();
    /// let app = Api::new(MemoryStore::new()).resource(notes).router();
    ///
    /// let put = Request::put("/notes/1").header("if-none-match", "*").header("content-type", "application/json");
    /// let answer = app.oneshot(put.body(Body::from(r#"{"id":"1","text":"tea"}"#))?).await?;
    /// assert_eq!(answer.status(), 201);
    /// assert!(!answer.headers().contains_key("etag"));
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn strict_put(mut self) -> Self {
        self.settings.put_validators = PutValidators::Withheld;
        self
    }

    /// Serves the children that a link gives to a parent at `/{parents}/{id}/{segment}`, in place of the name of their
    /// collection. Where two links lead to one parent, one of them must be given another segment.
    ///
    /// ```
    /// # use etag_axum::{Api, Resource};
    /// # use etag_core::{MemoryStore, Versioned};
    /// # use serde::{Deserialize, Serialize};
    /// # use utoipa::ToSchema;
    /// # use axum::body::Body;
    /// # use http::Request;
    /// # use tower::ServiceExt;
    /// #[derive(Serialize, Deserialize, ToSchema, Versioned)]
    /// #[versioned(collection = "people", validator = revision)]
    /// struct Person {
    ///     #[versioned(id)]
    ///     id: String,
    /// }
    ///
    /// #[derive(Serialize, Deserialize, ToSchema, Versioned)]
    /// #[versioned(collection = "letters", validator = revision)]
    /// struct Letter {
    ///     #[versioned(id)]
    ///     id: String,
    ///     #[versioned(parent(Person, touch = none, name = "sender"))]
    ///     from: String,
    ///     #[versioned(parent(Person, touch = none, name = "recipient"))]
    ///     to: String,
    /// }
    ///
    /// let letters = Resource::<Letter>::new().nested("sender", "sent").nested("recipient", "received");
    /// let app = Api::new(MemoryStore::new()).resource(Resource::<Person>::new()).resource(letters).router();
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # let put = Request::put("/people/ada").header("if-none-match", "*").header("content-type", "application/json");
    /// # app.clone().oneshot(put.body(Body::from("{}"))?).await?;
    /// assert_eq!(app.oneshot(Request::get("/people/ada/sent").body(Body::empty())?).await?.status(), 200);
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn nested(mut self, link: impl Into<String>, segment: impl Into<String>) -> Self {
        self.settings.segments.push((link.into(), segment.into()));
        self
    }

    /// Makes each of these come to be with its parent, in the commit that creates the parent over HTTP, and go with it:
    /// there is one for each parent at any time, so it can't be created by POST nor be deleted by itself.
    ///
    /// The link to the parent stands on the field with the id, and cascades.
    ///
    /// ```
    /// # use etag_axum::{Api, Resource};
    /// # use etag_core::{MemoryStore, Versioned};
    /// # use serde::{Deserialize, Serialize};
    /// # use utoipa::ToSchema;
    /// # use axum::body::Body;
    /// # use http::Request;
    /// # use tower::ServiceExt;
    /// #[derive(Serialize, Deserialize, ToSchema, Versioned)]
    /// #[versioned(collection = "tasks", validator = revision)]
    /// struct Task {
    ///     #[versioned(id)]
    ///     id: String,
    /// }
    ///
    /// #[derive(Serialize, Deserialize, ToSchema, Versioned)]
    /// #[versioned(collection = "details", validator = revision)]
    /// struct Details {
    ///     #[versioned(id, parent(Task, touch = content, on_delete = cascade))]
    ///     task_id: String,
    ///     notes: String,
    /// }
    ///
    /// let details = Resource::<Details>::new()
    ///     .starts_with_parent(|id: &String| Details { task_id: id.clone(), notes: String::new() });
    /// let app = Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).resource(details).router();
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # let put = Request::put("/tasks/1").header("if-none-match", "*").header("content-type", "application/json");
    /// # app.clone().oneshot(put.body(Body::from("{}"))?).await?;
    /// // Where `/tasks/1` was created,
    /// assert_eq!(app.oneshot(Request::get("/tasks/1/details").body(Body::empty())?).await?.status(), 200);
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn starts_with_parent<F>(mut self, start: F) -> Self
    where
        F: Fn(&T::Id) -> T + Send + Sync + 'static,
    {
        self.start = Some(Box::new(move |key| Ok(start(&id_of::<T>(key)?))));
        self
    }

    /// Offers GET, HEAD and OPTIONS only.
    ///
    /// ```
    /// # use etag_axum::{Api, Resource};
    /// # use etag_core::MemoryStore;
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
    /// let notes = Resource::<Note>::new().read_only();
    /// let app = Api::new(MemoryStore::new()).resource(notes).router();
    ///
    /// let delete = Request::delete("/notes/1").header("if-match", "*").body(Body::empty())?;
    /// assert_eq!(app.oneshot(delete).await?.status(), 405);
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.settings.methods = Methods::ReadOnly;
        self
    }

    /// Asks `hook` before anything is told of a stored value or done to it (rule H8). It costs a decode of each.
    ///
    /// A write asks twice: with the stored value before preconditions are looked at, and with the new one as well before
    /// it is written. It commits on the very state that the hook saw, and asks again where that has moved. Items of a
    /// list that the hook refuses are left out, whatever the reason.
    ///
    /// A new value may name a parent that its author can't read. Whether that exists shows in the answer, so a hook that minds
    /// has to refuse the value.
    ///
    /// ```
    /// use etag_axum::{Denied, Resource, ValueAccess};
    /// # use etag_core::Versioned;
    /// # use serde::{Deserialize, Serialize};
    /// # use utoipa::ToSchema;
    /// #
    /// # #[derive(Serialize, Deserialize, ToSchema, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note {
    /// #     #[versioned(id)]
    /// #     id: String,
    /// #     owner: String,
    /// # }
    ///
    /// let notes = Resource::<Note>::new().authorize_value(|access: &ValueAccess<'_, Note>| {
    ///     let is_theirs = |note: &Note| note.owner == access.principal.name();
    ///     if access.stored.into_iter().chain(access.new).all(is_theirs) { Ok(()) } else { Err(Denied::Hidden) }
    /// });
    /// ```
    #[must_use]
    pub fn authorize_value<F>(mut self, hook: F) -> Self
    where
        F: Fn(&ValueAccess<'_, T>) -> Result<(), Denied> + Send + Sync + 'static,
    {
        self.hook = Some(Box::new(hook));
        self
    }

    pub(crate) fn into_registration(self) -> Registration {
        let Self { settings, hook, start } = self;
        Registration { model: Box::new(Typed { hook, start }), settings, schema: ModelSchema::of::<T>() }
    }
}

impl<T: Document + ToSchema> Default for Resource<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for Resource<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resource").field("settings", &self.settings).finish_non_exhaustive()
    }
}
