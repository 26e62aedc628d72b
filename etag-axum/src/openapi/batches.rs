//! `POST /$batch`.

use serde_json::{Value, json};

use crate::{batch, endpoint::Shared};

/// Adds the route and its schemas to a description.
pub(crate) fn describe_batches(document: &mut Value, shared: &Shared) {
    document["paths"][batch::PATH] = json!({ "post": post(shared), "options": options(shared) });
    document["components"]["schemas"]["batch.Request"] = request(shared.limits.batch_items);
    document["components"]["schemas"]["batch.Answer"] = answer();
    document["components"]["schemas"]["batch.ItemAnswer"] = item_answer();
    let description = "The answer to each item of a batch.";
    let items = json!({ "type": "array", "description": description, "items": reference("batch.ItemAnswer") });
    document["components"]["schemas"]["Problem"]["properties"]["items"] = items;
}

fn post(shared: &Shared) -> Value {
    let mut responses = json!({
        "200": {
            "description": "All of it was done.",
            "headers": headers(&["Idempotency-Replayed"]),
            "content": { "application/json": { "schema": reference("batch.Answer") } },
        },
        "400": failure("The request can't be read, or has a condition of its own; the problem says where.", &[]),
        "409": failure("Nothing of it was done; `items` says why. Or the same request is under way.", &["Retry-After"]),
        "413": failure("The body is too large, or has too many items.", &[]),
        "415": failure("The body is of a type that is not read here.", &["Accept-Post", "Accept-Encoding"]),
        "422": failure("The batch is malformed, or the Idempotency-Key was used for another request.", &[]),
        "503": failure("Not now; nothing was written.", &["Retry-After"]),
        "504": failure("Whether it was done is not known.", &[]),
    });
    describe_refusals(&mut responses, shared);
    json!({
        "operationId": "batch",
        "summary": "Do all of several writes, or none",
        "tags": ["$batch"],
        "parameters": [{ "$ref": "#/components/parameters/IdempotencyKey" }],
        "requestBody": {
            "required": true,
            "content": { "application/json": { "schema": reference("batch.Request") } },
        },
        "responses": responses,
    })
}

fn options(shared: &Shared) -> Value {
    let mut responses =
        json!({ "204": { "description": "What is allowed.", "headers": headers(&["Allow", "Accept-Post"]) } });
    describe_refusals(&mut responses, shared);
    json!({ "operationId": "options_batch", "summary": "What is allowed", "tags": ["$batch"], "responses": responses })
}

fn describe_refusals(responses: &mut Value, shared: &Shared) {
    if shared.hook.is_some() {
        responses["401"] = failure("Who is asking is not known.", &["WWW-Authenticate"]);
        responses["403"] = failure("Whoever is asking may not.", &[]);
        responses["404"] = failure("It is hidden.", &[]);
    }
}

fn failure(description: &str, names: &[&str]) -> Value {
    let content = json!({ "application/problem+json": { "schema": reference("Problem") } });
    json!({ "description": description, "headers": headers(names), "content": content })
}

fn headers(names: &[&str]) -> Value {
    names.iter().map(|name| ((*name).to_owned(), json!({ "$ref": format!("#/components/headers/{name}") }))).collect()
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

fn request(most: usize) -> Value {
    let headers = json!({
        "type": "object",
        "properties": {
            "Content-Type": text("The type of `body`; for POST and PUT it may be left out."),
            "If-Match": text("As in a request of its own, or `$name.etag` for the tag that an earlier item leaves."),
            "If-None-Match": text("As in a request of its own."),
            "If-Unmodified-Since": text("As in a request of its own."),
            "Prefer": text("As in a request of its own."),
        },
        "additionalProperties": false,
    });
    let item = json!({
        "type": "object",
        "required": ["method", "path"],
        "properties": {
            "id": {
                "type": "string",
                "pattern": "^[A-Za-z0-9_-]{1,64}$",
                "description": "A name by which later items refer to this one.",
            },
            "method": { "type": "string", "enum": ["POST", "PUT", "PATCH", "DELETE", "HEAD"] },
            "path": text("As in a request of its own; a segment `$name.id` is the id of an earlier item."),
            "headers": headers,
            "body": {
                "description": "A string `$name.id` is the id of an earlier item; a leading `$` is written `$$`.",
            },
        },
        "additionalProperties": false,
    });
    json!({
        "type": "object",
        "required": ["items"],
        "properties": { "items": { "type": "array", "minItems": 1, "maxItems": most, "items": item } },
        "additionalProperties": false,
    })
}

fn answer() -> Value {
    let touched = json!({
        "type": "object",
        "required": ["path", "before", "after"],
        "properties": {
            "path": text("The path of a resource that was changed and that no item is about."),
            "before": text("Its tag before."),
            "after": { "type": ["string", "null"], "description": "Its tag after; null where it went with another." },
        },
    });
    json!({
        "type": "object",
        "required": ["items", "touched"],
        "properties": {
            "items": { "type": "array", "items": reference("batch.ItemAnswer") },
            "touched": { "type": "array", "items": touched },
        },
    })
}

fn item_answer() -> Value {
    json!({
        "type": "object",
        "required": ["status"],
        "properties": {
            "id": text("The name that the item has."),
            "status": {
                "type": "integer",
                "description": "As in an answer of its own; 424 where another item is to blame.",
            },
            "headers": { "type": "object", "additionalProperties": { "type": "string" } },
            "body": { "type": "object", "description": "The representation, or what is wrong." },
        },
    })
}
