//! The description of the API, made from what is registered (`OpenAPI` 3.1).
//!
//! `utoipa` describes the models; what is around them is plain JSON, since its builders would say the same in thrice the
//! words.

mod components;
mod operations;
mod route;
mod schemas;

use std::sync::Arc;

use serde_json::{Map, Value, json};

pub(crate) use self::{route::route, schemas::ModelSchema};
use crate::endpoint::Endpoint;

/// The API's name and version.
#[derive(Clone, Debug)]
pub(crate) struct Info {
    pub(crate) title: String,
    pub(crate) version: String,
}

impl Default for Info {
    fn default() -> Self {
        Self { title: "Versioned resources".to_owned(), version: "0.1.0".to_owned() }
    }
}

/// One resource and the schema of its model.
pub(crate) type Described = (Arc<Endpoint>, ModelSchema);

/// The description of all that is registered.
pub(crate) fn document(info: &Info, resources: &[Described]) -> Value {
    let mut paths = Map::new();
    let mut schemas = components::schemas();
    for (endpoint, schema) in resources {
        let collection = endpoint.description().collection;
        paths.insert(format!("/{collection}"), operations::of_collection(endpoint, schema));
        paths.insert(format!("/{collection}/{{id}}"), operations::of_item(endpoint, schema));
        schemas.extend(schema.components(endpoint.description()));
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": info.title, "version": info.version },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": components::parameters(),
            "headers": components::headers(),
        },
    })
}
