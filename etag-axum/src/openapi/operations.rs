//! What each method of a resource takes and answers.

use http::Method;
use serde_json::{Map, Value, json};

use super::schemas::ModelSchema;
use crate::{
    authorize::{Action, Scope},
    endpoint::Endpoint,
    resource::Policy,
};

/// The operations of `/{collection}`.
pub(super) fn of_collection(endpoint: &Endpoint, schema: &ModelSchema) -> Value {
    Value::Object(operations(endpoint, schema, Scope::Collection))
}

/// The operations of `/{collection}/{id}`.
pub(super) fn of_item(endpoint: &Endpoint, schema: &ModelSchema) -> Value {
    let id = json!({ "name": "id", "in": "path", "required": true, "schema": schema.id(endpoint.description()) });
    let mut item = operations(endpoint, schema, Scope::Item);
    item.insert("parameters".to_owned(), json!([id]));
    Value::Object(item)
}

fn operations(endpoint: &Endpoint, schema: &ModelSchema, scope: Scope) -> Map<String, Value> {
    let methods = endpoint.methods(scope).iter();
    let operation = |method: &Method| {
        let operation = Operation { endpoint, schema, scope, method, action: Action::of(scope, method) };
        (method.as_str().to_ascii_lowercase(), operation.describe())
    };
    methods.map(operation).collect()
}

struct Operation<'a> {
    endpoint: &'a Endpoint,
    schema: &'a ModelSchema,
    scope: Scope,
    method: &'a Method,
    action: Action,
}

impl Operation<'_> {
    fn describe(&self) -> Value {
        let mut operation = json!({
            "operationId": self.id(),
            "summary": self.summary(),
            "tags": [self.endpoint.description().collection],
            "parameters": self.parameters(),
            "responses": self.responses(),
        });
        if let Some(body) = self.body() {
            operation["requestBody"] = body;
        }
        operation
    }

    fn id(&self) -> String {
        let collection = self.endpoint.description().collection;
        let verb = match (self.action, self.method) {
            (Action::List | Action::Read, &Method::HEAD) => "head",
            (Action::List, _) => "list",
            (Action::Read, _) => "read",
            (Action::Create, _) => "create",
            (Action::Replace, _) => "replace",
            (Action::Patch, _) => "patch",
            (Action::Delete, _) => "delete",
            (Action::Describe, _) => "options",
        };
        let of = if self.scope == Scope::Item { "item_of_" } else { "" };
        format!("{verb}_{of}{collection}")
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
            (Action::Describe, _) => "What is allowed",
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
            Action::Describe => &[],
        };
        let header = |name: &&str| json!({ "$ref": format!("#/components/parameters/{name}") });
        self.query().into_iter().chain(headers.iter().map(header)).collect()
    }

    fn query(&self) -> Vec<Value> {
        if self.action != Action::List {
            return Vec::new();
        }
        let page = self.endpoint.settings.page_size;
        let limit = json!({ "type": "integer", "minimum": 1, "maximum": page.max, "default": page.default });
        let cursor = json!({ "type": "string" });
        let parameter = |(name, description, schema): (&str, &str, Value)| json!({ "name": name, "in": "query", "required": false, "description": description, "schema": schema });
        [("limit", "How many items at most.", limit), ("cursor", "`next` of the page before.", cursor)]
            .map(parameter)
            .into()
    }

    fn body(&self) -> Option<Value> {
        let content = match self.action {
            Action::Create => json!({ "application/json": { "schema": self.schema.creation() } }),
            Action::Replace => json!({ "application/json": { "schema": self.schema.input() } }),
            Action::Patch => json!({
                "application/merge-patch+json": { "schema": self.schema.merge_patch() },
                "application/json-patch+json": { "schema": { "$ref": "#/components/schemas/JsonPatch" } },
            }),
            _ => return None,
        };
        Some(json!({ "required": true, "content": content }))
    }

    fn responses(&self) -> Map<String, Value> {
        let mut responses = Map::new();
        for (status, description, headers) in self.successes() {
            responses.insert(status.to_string(), self.success(status, description, headers));
        }
        for (status, description) in self.failures() {
            let entry = responses.entry(status.to_string());
            entry.or_insert_with(|| self.failure(status, description));
        }
        responses
    }

    fn successes(&self) -> Vec<(u16, &'static str, &'static [&'static str])> {
        const READ: &[&str] = &["ETag", "Last-Modified", "Cache-Control"];
        const CREATED: &[&str] =
            &["ETag", "Last-Modified", "Location", "Content-Location", "Preference-Applied", "Idempotency-Replayed"];
        const WRITTEN: &[&str] =
            &["ETag", "Last-Modified", "Content-Location", "Preference-Applied", "Idempotency-Replayed"];
        const BARE: &[&str] = &["ETag", "Last-Modified", "Preference-Applied", "Idempotency-Replayed"];
        let created = (201, "It was created.", CREATED);
        let written = (200, "It was done, or was so already.", WRITTEN);
        let bare = (204, "It was done, and `return=minimal` was preferred.", BARE);
        match self.action {
            Action::List => vec![
                (200, "The page.", &["ETag", "Cache-Control", "Link"]),
                (304, "The page is the one that the client has.", &["ETag", "Cache-Control"]),
            ],
            Action::Read => vec![(200, "The state.", READ), (304, "The state is the one that the client has.", READ)],
            Action::Create => vec![created],
            Action::Replace => vec![written, created, bare],
            Action::Patch => vec![written, bare],
            Action::Delete => vec![(204, "It was deleted.", &["Idempotency-Replayed"])],
            Action::Describe => vec![(204, "What is allowed.", self.headers_of_options())],
        }
    }

    fn success(&self, status: u16, description: &str, headers: &[&str]) -> Value {
        let mut response = json!({ "description": description, "headers": references(headers) });
        let has_body = matches!(status, 200 | 201) && self.method != Method::HEAD;
        if has_body {
            let schema = if self.action == Action::List { self.schema.page() } else { self.schema.representation() };
            response["content"] = json!({ "application/json": { "schema": schema } });
        }
        response
    }

    fn failures(&self) -> Vec<(u16, &'static str)> {
        let mut failures = self.refusals();
        if self.action == Action::Describe {
            return failures;
        }
        let dialect = self.endpoint.dialect();
        failures.push((400, "The request can't be read; the problem says where."));
        failures.push((dialect.malformed_status, "A condition can't be read; the problem says where."));
        failures.push((431, "A condition is too large."));
        failures.push((503, "Not now; nothing was written."));
        if self.scope == Scope::Item && self.action != Action::Replace {
            failures.push((404, "There is no such resource."));
        }
        if self.action != Action::Create {
            failures.push((dialect.mismatch_status, "A condition does not hold; ETag is the tag that is current."));
        }
        if self.action.is_write() {
            failures.extend(self.failures_of_writes());
        }
        failures
    }

    fn failures_of_writes(&self) -> Vec<(u16, &'static str)> {
        let mut failures = vec![
            (409, "An equal request is under way, or the patch doesn't fit the state."),
            (413, "The body is too large."),
            (422, "The body breaks a rule of the resource, or the Idempotency-Key was used for another request."),
            (504, "Whether it was done is not known."),
        ];
        if self.action != Action::Delete {
            failures.push((415, "The body is of a type that is not read here."));
        }
        if self.action != Action::Create && self.endpoint.settings.policy == Policy::Required {
            failures.push((self.endpoint.dialect().missing_status, "The write needs a condition."));
        }
        failures
    }

    fn refusals(&self) -> Vec<(u16, &'static str)> {
        if self.endpoint.restricts_access() {
            vec![
                (401, "Who is asking is not known."),
                (403, "Whoever is asking may not."),
                (404, "There is no such resource, or it is hidden."),
            ]
        } else {
            Vec::new()
        }
    }

    fn failure(&self, status: u16, description: &str) -> Value {
        let problem = json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
        let mut content = Map::from_iter([("application/problem+json".to_owned(), problem)]);
        if status == self.endpoint.dialect().mismatch_status && self.action != Action::List {
            // RFC 8144 §3.2: the client may prefer the state to the problem.
            content.insert("application/json".to_owned(), json!({ "schema": self.schema.representation() }));
        }
        json!({ "description": description, "headers": references(self.headers_of_failure(status)), "content": content })
    }

    fn headers_of_failure(&self, status: u16) -> &'static [&'static str] {
        match status {
            _ if status == self.endpoint.dialect().mismatch_status => self.headers_of_mismatch(),
            401 => &["WWW-Authenticate"],
            415 => self.headers_of_unsupported_type(),
            409 | 503 => &["Retry-After"],
            _ => &[],
        }
    }

    fn headers_of_mismatch(&self) -> &'static [&'static str] {
        match self.action {
            Action::List => &["ETag"],
            _ => &["ETag", "Last-Modified", "Content-Location", "Preference-Applied"],
        }
    }

    fn headers_of_unsupported_type(&self) -> &'static [&'static str] {
        match self.action {
            Action::Create => &["Accept-Post", "Accept-Encoding"],
            Action::Patch => &["Accept-Patch", "Accept-Encoding"],
            _ => &["Accept", "Accept-Encoding"],
        }
    }

    fn headers_of_options(&self) -> &'static [&'static str] {
        let methods = self.endpoint.methods(self.scope);
        if methods.contains(&Method::PATCH) {
            &["Allow", "Accept-Patch"]
        } else if methods.contains(&Method::POST) {
            &["Allow", "Accept-Post"]
        } else {
            &["Allow"]
        }
    }
}

fn references(headers: &[&str]) -> Map<String, Value> {
    let reference = |name: &&str| ((*name).to_owned(), json!({ "$ref": format!("#/components/headers/{name}") }));
    headers.iter().map(reference).collect()
}
