//! Bodies in the shape in which real clients send them.

use etag_core::{BatchCodec as _, BatchStep};

use crate::JsonBatch;

/// msgraph-core: headers in lower case, and `depends_on` instead of `dependsOn`.
const MSGRAPH_CORE: &str = r#"{"requests": [
    {"id": "5b8f", "method": "PATCH", "url": "/planner/tasks/7/details", "depends_on": [],
     "headers": {"if-match": "W/\"JzEtVGFzay=\"", "prefer": "return=representation", "content-type": "application/json"},
     "body": {"description": "Größe"}},
    {"id": "77c1", "method": "DELETE", "url": "/planner/tasks/7", "depends_on": ["5b8f"], "headers": {"if-match": "*"}}
]}"#;

#[test]
fn what_msgraph_core_sends_is_read() {
    let steps = JsonBatch::GRAPH.read_requests("application/json", &MSGRAPH_CORE.into()).unwrap();

    let [BatchStep::Alone(patch), BatchStep::Alone(delete)] = &steps[..] else { panic!("{steps:?}") };
    assert_eq!(patch.id.as_deref(), Some("5b8f"));
    assert_eq!((patch.method.as_str(), patch.target.as_str()), ("PATCH", "/planner/tasks/7/details"));
    assert_eq!(patch.headers[0], ("if-match".to_owned(), "W/\"JzEtVGFzay=\"".to_owned()));
    assert_eq!(patch.body, r#"{"description": "Größe"}"#);
    assert_eq!((delete.method.as_str(), delete.body.len(), delete.after.len()), ("DELETE", 0, 0));
}

/// The examples of Graph's documentation leave out the first slash here and there, and write methods in any case.
#[test]
fn what_graph_documents_is_read() {
    let sent = r#"{"requests": [
        {"id": "1", "url": "/me/drive/root:/{file}", "method": "post", "body": {"a": 1}, "headers": {"Content-Type": "application/json"}},
        {"id": "2", "url": "me/planner/tasks", "method": "GET", "dependsOn": ["1"]}
    ]}"#;
    let steps = JsonBatch::GRAPH.read_requests("application/json; charset=utf-8", &sent.into()).unwrap();
    let requests: Vec<_> = steps.iter().flat_map(BatchStep::parts).collect();
    assert_eq!((requests[0].method.as_str(), requests[0].target.as_str()), ("POST", "/me/drive/root:/{file}"));
    assert_eq!((requests[1].target.as_str(), &requests[1].after[..]), ("me/planner/tasks", &["1".to_owned()][..]));
}
