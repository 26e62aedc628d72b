//! Tags that tell what was asked for.

use etag_core::{ETag, Versioned as _};

use super::{Exchange, State};

impl Exchange {
    /// The same request, whose answers have no more of a resource than `selection`, for a dialect whose tags tell that
    /// ([`TagCodec::encode_selection`](etag_core::TagCodec::encode_selection)); to others it means nothing.
    ///
    /// ```
    /// # use axum::{Router, routing::get};
    /// # use etag_axum::{Dialogue, Exchange, Refused};
    /// # use etag_core::{Dialect, ETag, Head, MemoryStore, Model, StoreExt, TagCodec, Versioned};
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String }
    /// #[derive(Debug)]
    /// struct NamingMembers;
    ///
    /// impl TagCodec for NamingMembers {
    ///     fn encode(&self, _model: &Model, head: &Head) -> ETag {
    ///         ETag::strong(head.revision.sequence().to_string()).expect("digits make a tag")
    ///     }
    ///
    ///     fn encode_selection(&self, _model: &Model, head: &Head, selection: &str) -> ETag {
    ///         ETag::strong(format!("{};{selection}", head.revision.sequence())).expect("members have plain names")
    ///     }
    /// }
    ///
    /// async fn read(exchange: Exchange) -> Result<String, Refused> {
    ///     let note = exchange.get::<Note>(&"1".into()).await?;
    ///     Ok(exchange.selecting("id").etag(&note).to_string())
    /// }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # use tower::ServiceExt;
    /// # let store = MemoryStore::new();
    /// # store.create(&Note { id: "1".into() }).await?;
    /// # let dialect = Dialect { codec: &NamingMembers, ..Dialect::RFC_9110 };
    /// # let app = Dialogue::new(store, dialect).serve(Router::new().route("/", get(read)));
    /// # let request = http::Request::get("/").body(axum::body::Body::empty())?;
    /// # let body = axum::body::to_bytes(app.oneshot(request).await?.into_body(), 9).await?;
    /// # assert_eq!(body, "\"1;id\"");
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn selecting(self, selection: impl Into<String>) -> Self {
        Self { selection: Some(selection.into()), ..self }
    }

    /// The tag of a state, or of what is [selected](Self::selecting) of it, as the dialect has it.
    pub fn etag<S: State>(&self, state: &S) -> ETag {
        let (codec, head) = (self.dialect().codec, state.head());
        match &self.selection {
            Some(selection) => codec.encode_selection(S::Model::MODEL, head, selection),
            None => codec.encode(S::Model::MODEL, head),
        }
    }
}
