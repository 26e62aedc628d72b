//! What each method of a resource takes and answers.

use http::Method;
use serde_json::{Map, Value, json};

use super::schemas::ModelSchema;
use crate::{
    authorize::{Action, Scope},
    endpoint::Endpoint,
    registry::{Nested, Registry},
};

/// What is found at one path.
#[derive(Clone, Copy)]
pub(super) struct Site<'a> {
    pub(super) endpoint: &'a Endpoint,
    pub(super) schema: &'a ModelSchema,
    pub(super) registry: &'a Registry,
    pub(super) scope: Scope,
    /// The path under the parent's, where it is one.
    pub(super) nested: Option<(&'a Nested, &'a ModelSchema)>,
}

/// The operations at a path.
pub(super) fn of(site: Site<'_>) -> Value {
    let methods = site.endpoint.methods(site.scope).iter();
    let operation = |method: &Method| {
        let operation = Operation { site, method, action: Action::of(site.scope, method) };
        (method.as_str().to_ascii_lowercase(), operation.describe())
    };
    let mut operations: Map<_, _> = methods.map(operation).collect();
    if let Some(id) = site.id() {
        let id = json!({ "name": "id", "in": "path", "required": true, "schema": id });
        operations.insert("parameters".to_owned(), json!([id]));
    }
    Value::Object(operations)
}

impl Site<'_> {
    /// The schema of the id in the path.
    fn id(&self) -> Option<Value> {
        match (self.nested, self.scope) {
            (Some((nested, parent)), _) => Some(parent.id(nested.parent.description())),
            (None, Scope::Item) => Some(self.schema.id(self.endpoint.description())),
            (None, Scope::Collection) => None,
        }
    }

    /// Whether writes may change other resources, or be forbidden by them.
    pub(super) fn has_relatives(&self) -> bool {
        let collection = self.endpoint.description().collection;
        let is_a_parent = || self.registry.nested().any(|nested| nested.parent.description().collection == collection);
        !self.endpoint.description().links.is_empty() || is_a_parent()
    }
}

pub(super) struct Operation<'a> {
    pub(super) site: Site<'a>,
    pub(super) method: &'a Method,
    pub(super) action: Action,
}

impl Operation<'_> {
    fn describe(&self) -> Value {
        let mut operation = json!({
            "operationId": self.id(),
            "summary": self.summary(),
            "tags": [self.site.endpoint.description().collection],
            "parameters": self.parameters(),
            "responses": self.responses(),
        });
        if let Some(body) = self.body() {
            operation["requestBody"] = body;
        }
        operation
    }

    fn id(&self) -> String {
        let verb = match (self.action, self.method) {
            (Action::List | Action::Read, &Method::HEAD) => "head",
            (Action::List, _) => "list",
            (Action::Read, _) => "read",
            (Action::Create, _) => "create",
            (Action::Replace, _) => "replace",
            (Action::Patch, _) => "patch",
            (Action::Delete, _) => "delete",
            (Action::Describe | Action::Batch, _) => "options",
        };
        let collection = self.site.endpoint.description().collection;
        match (self.site.nested, self.site.scope) {
            (Some((nested, _)), _) => {
                format!("{verb}_{}_of_{}", nested.segment, nested.parent.description().collection)
            }
            (None, Scope::Item) => format!("{verb}_item_of_{collection}"),
            (None, Scope::Collection) => format!("{verb}_{collection}"),
        }
    }

    fn summary(&self) -> &'static str {
        match (self.action, self.method) {
            (Action::List, &Method::HEAD) => "The headers of a page",
            (Action::Read, &Method::HEAD) => "The headers of a resource",
            (Action::List, _) => "A page of the collection",
            (Action::Read, _) => "A resource",
            (Action::Create, _) => "Create under an id of the server's choice",
            (Action::Replace, _) => "Create or replace",
            (Action::Patch, _) => "Change some of it",
            (Action::Delete, _) => "Delete",
            (Action::Describe | Action::Batch, _) => "What is allowed",
        }
    }

    fn parameters(&self) -> Vec<Value> {
        let headers: &[&str] = match self.action {
            Action::List => &["IfMatch", "IfNoneMatch"],
            Action::Read => &["IfMatch", "IfNoneMatch", "IfModifiedSince", "IfUnmodifiedSince", "Prefer"],
            Action::Create => &["Prefer", "IdempotencyKey"],
            Action::Replace | Action::Patch | Action::Delete => {
                &["IfMatch", "IfNoneMatch", "IfUnmodifiedSince", "Prefer", "IdempotencyKey"]
            }
            Action::Describe | Action::Batch => &[],
        };
        let header = |name: &&str| json!({ "$ref": format!("#/components/parameters/{name}") });
        self.query().into_iter().chain(headers.iter().map(header)).collect()
    }

    fn query(&self) -> Vec<Value> {
        if self.action != Action::List {
            return Vec::new();
        }
        let page = self.site.endpoint.settings.page_size;
        let limit = json!({ "type": "integer", "minimum": 1, "maximum": page.max, "default": page.default });
        let text = json!({ "type": "string" });
        let parameter = |(name, description, schema): (&str, &str, &Value)| json!({ "name": name, "in": "query", "required": false, "description": description, "schema": schema });
        let page = [("limit", "How many items at most.", &limit), ("cursor", "`next` of the page before.", &text)];
        let filters = self.site.registry.filters_of(self.site.endpoint.description()).map(|(link, _)| link.field);
        let filters = filters.filter(|_| self.site.nested.is_none());
        let filters = filters.map(|field| (field, "Only those that name this one. One such filter at a time.", &text));
        page.into_iter().chain(filters).map(parameter).collect()
    }

    fn body(&self) -> Option<Value> {
        let schema = self.site.schema;
        let content = match self.action {
            Action::Create => json!({ "application/json": { "schema": self.creation() } }),
            Action::Replace => json!({ "application/json": { "schema": schema.input() } }),
            Action::Patch => json!({
                "application/merge-patch+json": { "schema": schema.merge_patch() },
                "application/json-patch+json": { "schema": { "$ref": "#/components/schemas/JsonPatch" } },
            }),
            _ => return None,
        };
        Some(json!({ "required": true, "content": content }))
    }

    /// What a POST sends; below a parent it may leave out what the path says.
    fn creation(&self) -> Value {
        match self.site.nested {
            Some((nested, _)) => self.site.schema.creation_without(nested.link.field, nested.child.description()),
            None => self.site.schema.creation(),
        }
    }
}
