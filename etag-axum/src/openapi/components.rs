//! What the operations of all resources share.

use serde_json::{Map, Value, json};

/// The headers that requests may have, by the name under which operations refer to them.
const PARAMETERS: [(&str, &str, &str); 6] = [
    ("IfMatch", "If-Match", "Do it only in a state with one of these tags, or with `*` in any."),
    (
        "IfNoneMatch",
        "If-None-Match",
        "Do it only in a state with none of these tags, or with `*` only where there is none.",
    ),
    ("IfModifiedSince", "If-Modified-Since", "Send the state only if it is later. Ignored beside If-None-Match."),
    ("IfUnmodifiedSince", "If-Unmodified-Since", "Do it only if the state is not later. Ignored beside If-Match."),
    (
        "Prefer",
        "Prefer",
        "`return=minimal` leaves the representation out; `return=representation` sends it with a 412, too.",
    ),
    ("IdempotencyKey", "Idempotency-Key", "A key of the client's choice: requests with the same one are done once."),
];

/// The headers that answers may have.
const HEADERS: [(&str, &str); 15] = [
    ("ETag", "The tag of the state; the next If-Match."),
    ("Last-Modified", "When the state was written."),
    ("Cache-Control", "Whether the answer may be used again without asking."),
    ("Location", "The path of the resource that was created."),
    ("Content-Location", "The path under which the body can be read again."),
    ("Preference-Applied", "Which preference was honoured."),
    ("Idempotency-Replayed", "`true` where the answer is that of an earlier request with the same key."),
    (
        "Link",
        "The next page, with `rel=\"next\"`; or another resource that the write changed, with `rel=\"up\"` or \
         `rel=\"related\"`: its tag before in `etag-before`, and now in `etag`, both quoted once more.",
    ),
    ("Retry-After", "Seconds to wait before trying again."),
    ("Allow", "The methods that there are."),
    ("Accept", "The types of body that are read."),
    ("Accept-Encoding", "The codings of a body that are read."),
    ("Accept-Patch", "The types of patch that are read."),
    ("Accept-Post", "The types of body that are read."),
    ("WWW-Authenticate", "How to say who is asking."),
];

pub(super) fn parameters() -> Map<String, Value> {
    let parameter = |(key, name, description): &(&str, &str, &str)| {
        let parameter = json!({
            "name": name, "in": "header", "required": false, "description": description, "schema": { "type": "string" }
        });
        ((*key).to_owned(), parameter)
    };
    PARAMETERS.iter().map(parameter).collect()
}

pub(super) fn headers() -> Map<String, Value> {
    let header = |(name, description): &(&str, &str)| {
        ((*name).to_owned(), json!({ "description": description, "schema": { "type": "string" } }))
    };
    HEADERS.iter().map(header).collect()
}

pub(super) fn schemas() -> Map<String, Value> {
    Map::from_iter([("Problem".to_owned(), problem()), ("JsonPatch".to_owned(), json_patch())])
}

/// RFC 9457, with our members.
fn problem() -> Value {
    let text = |description: &str| json!({ "type": "string", "description": description });
    let number = |description: &str| json!({ "type": "integer", "description": description });
    json!({
        "type": "object",
        "required": ["type", "title", "status", "detail", "instance"],
        "properties": {
            "type": text("What identifies the kind of problem."),
            "title": text("The kind of problem in words."),
            "status": number("The status."),
            "detail": text("What was wrong, and what to do."),
            "instance": text("The path of the request."),
            "header": text("The request's header that is to blame."),
            "state": text("What became of the resource: edited, deleted, re-created, exists or missing."),
            "changed": {
                "type": "array",
                "items": { "type": "string" },
                "description": "The members that changed since the tag that the request names, where that is known.",
            },
            "children": {
                "type": "array",
                "items": { "type": "string" },
                "description": "The paths of children that are in the way.",
            },
            "line": number("The line of the header or body where it went wrong, counted from 1."),
            "byte": number("The byte of the header's line, counted from 1."),
            "column": number("The column of the body's line, counted from 1."),
            "errors": { "type": "array", "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": { "pointer": text("A JSON Pointer into the body."), "detail": text("What is wrong there.") },
            } },
        },
    })
}

/// RFC 6902.
fn json_patch() -> Value {
    json!({ "type": "array", "items": {
        "type": "object",
        "required": ["op", "path"],
        "properties": {
            "op": { "type": "string", "enum": ["add", "remove", "replace", "move", "copy", "test"] },
            "path": { "type": "string", "description": "A JSON Pointer." },
            "from": { "type": "string", "description": "A JSON Pointer." },
            "value": {},
        },
    } })
}
