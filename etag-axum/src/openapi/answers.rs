//! What each operation answers.

use etag_core::Cardinality;
use http::Method;
use serde_json::{Map, Value, json};

use super::operations::Operation;
use crate::{
    authorize::{Action, Scope},
    resource::Policy,
};

impl Operation<'_> {
    pub(super) fn responses(&self) -> Map<String, Value> {
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
            Action::Describe | Action::Batch => vec![(204, "What is allowed.", self.headers_of_options())],
        }
    }

    fn success(&self, status: u16, description: &str, headers: &[&str]) -> Value {
        let mut headers = references(headers);
        if self.action.is_write() && self.site.has_relatives() {
            headers.extend(references(&["Link"]));
        }
        let mut response = json!({ "description": description, "headers": headers });
        let has_body = matches!(status, 200 | 201) && self.method != Method::HEAD;
        if has_body {
            let schema =
                if self.action == Action::List { self.site.schema.page() } else { self.site.schema.representation() };
            response["content"] = json!({ "application/json": { "schema": schema } });
        }
        response
    }

    fn failures(&self) -> Vec<(u16, &'static str)> {
        let mut failures = self.refusals();
        if self.action == Action::Describe && self.site.nested.is_none_or(|(nested, _)| nested.is_single()) {
            return failures;
        }
        let dialect = self.site.endpoint.dialect();
        failures.push((400, "The request can't be read; the problem says where."));
        failures.push((dialect.malformed_status, "A condition can't be read; the problem says where."));
        failures.push((dialect.too_long_status, "A condition is too large."));
        failures.push((503, "Not now; nothing was written."));
        if self.may_be_missing() {
            failures.push((404, "There is no such resource."));
        }
        if self.action == Action::Describe {
            return failures;
        }
        if self.action != Action::Create {
            failures.push((dialect.mismatch_status, "A condition does not hold; ETag is the tag that is current."));
        }
        if self.action.is_write() {
            failures.extend(self.failures_of_writes());
        }
        failures
    }

    /// Whether what the path names has to be there: for a PUT the parent that has the same id, if any.
    fn may_be_missing(&self) -> bool {
        let is_single =
            || self.site.endpoint.description().links.iter().any(|link| link.cardinality == Cardinality::One);
        match self.site.scope {
            Scope::Collection => self.site.nested.is_some(),
            Scope::Item => self.action != Action::Replace || is_single(),
        }
    }

    fn failures_of_writes(&self) -> Vec<(u16, &'static str)> {
        let mut failures = vec![
            (409, self.conflicts()),
            (413, "The body is too large."),
            (422, "The body breaks a rule of the resource, or the Idempotency-Key was used for another request."),
            (504, "Whether it was done is not known."),
        ];
        if self.action != Action::Delete {
            failures.push((415, "The body is of a type that is not read here."));
        }
        if self.action != Action::Create && self.site.endpoint.settings.policy == Policy::Required {
            failures.push((self.site.endpoint.dialect().missing_status, "The write needs a condition."));
        }
        failures
    }

    fn conflicts(&self) -> &'static str {
        match self.action {
            Action::Delete if self.site.has_relatives() => "An equal request is under way, or children are in the way.",
            _ if self.site.has_relatives() => {
                "An equal request is under way, the patch doesn't fit the state, or the parent is below the resource."
            }
            _ => "An equal request is under way, or the patch doesn't fit the state.",
        }
    }

    fn refusals(&self) -> Vec<(u16, &'static str)> {
        if self.site.endpoint.restricts_access() {
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
        if status == self.site.endpoint.dialect().mismatch_status && self.action != Action::List {
            // RFC 8144 §3.2: the client may prefer the state to the problem.
            content.insert("application/json".to_owned(), json!({ "schema": self.site.schema.representation() }));
        }
        json!({ "description": description, "headers": references(self.headers_of_failure(status)), "content": content })
    }

    fn headers_of_failure(&self, status: u16) -> &'static [&'static str] {
        match status {
            _ if status == self.site.endpoint.dialect().mismatch_status => self.headers_of_mismatch(),
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
        let methods = self.site.endpoint.methods(self.site.scope);
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
