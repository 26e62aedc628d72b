//! The description of the API, made from what is registered (OpenAPI 3.1).

use std::borrow::Cow;

use axum::{Router, extract::Request, response::Response, routing::get};
use bytes::Bytes;
use utoipa::{
    ToSchema,
    openapi::{InfoBuilder, OpenApi, OpenApiBuilder, RefOr, Schema},
};

use crate::{api::Api, respond};

/// The API's name and version.
#[derive(Clone, Debug)]
pub(crate) struct Info {
    pub(crate) title: String,
    pub(crate) version: String,
}

impl Default for Info {
    fn default() -> Self {
        Self { title: "API".to_owned(), version: "0.1.0".to_owned() }
    }
}

/// The schema of a model, and those that it refers to.
pub(crate) struct ModelSchema {
    pub(crate) name: Cow<'static, str>,
    pub(crate) schema: RefOr<Schema>,
    pub(crate) references: Vec<(String, RefOr<Schema>)>,
}

impl ModelSchema {
    pub(crate) fn of<T: ToSchema>() -> Self {
        let mut references = Vec::new();
        T::schemas(&mut references);
        Self { name: T::name(), schema: T::schema(), references }
    }
}

/// The description of all that is registered.
pub(crate) fn document(api: &Api) -> OpenApi {
    let info = api.info();
    OpenApiBuilder::new().info(InfoBuilder::new().title(&*info.title).version(&*info.version).build()).build()
}

/// The route of the description.
pub(crate) fn route(document: &OpenApi) -> Router {
    let json = Bytes::from(document.to_json().expect("the description is plain data"));
    let answer = move |_: Request| {
        let json = json.clone();
        async move { respond::json(http::StatusCode::OK, json) as Response }
    };
    Router::new().route("/openapi.json", get(answer))
}
