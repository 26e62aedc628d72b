//! The description of the API, made from what is registered (`OpenAPI` 3.1).
//!
//! `utoipa` describes the models; what is around them is plain JSON, since its builders would say the same in thrice the
//! words.

mod answers;
mod batches;
mod components;
mod operations;
mod route;
mod schemas;

use std::sync::Arc;

use serde_json::{Map, Value, json};

use self::operations::Site;
pub(crate) use self::{batches::describe_batches, route::route, schemas::ModelSchema};
use crate::{authorize::Scope, endpoint::Endpoint, registry::Registry};

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
pub(crate) fn document(info: &Info, resources: &[Described], registry: &Registry) -> Value {
    let mut paths = Map::new();
    let mut schemas = components::schemas();
    for (endpoint, schema) in resources {
        let collection = endpoint.description().collection;
        let site = Site { endpoint, schema, registry, scope: Scope::Collection, nested: None };
        paths.insert(format!("/{collection}"), operations::of(site));
        paths.insert(format!("/{collection}/{{id}}"), operations::of(Site { scope: Scope::Item, ..site }));
        schemas.extend(schema.components(endpoint.description()));
    }
    for nested in registry.nested() {
        let [schema, parent] = [&nested.child, &nested.parent].map(|endpoint| schema_of(resources, endpoint));
        let scope = if nested.is_single() { Scope::Item } else { Scope::Collection };
        let site = Site { endpoint: &nested.child, schema, registry, scope, nested: Some((&nested, parent)) };
        paths.insert(nested.pattern(), operations::of(site));
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

fn schema_of<'a>(resources: &'a [Described], endpoint: &Arc<Endpoint>) -> &'a ModelSchema {
    let described = resources.iter().find(|(other, _)| Arc::ptr_eq(other, endpoint));
    &described.expect("each endpoint comes with its schema").1
}
