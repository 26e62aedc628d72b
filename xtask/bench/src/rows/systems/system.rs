//! How a system is spoken to.

use axum::http::{Request, Response, StatusCode, header};
use bytes::Bytes;
use serde_json::Value;

use crate::connection::Connection;

/// A kind of resource of an example, which one can read and write.
pub(crate) trait System: Sized + Send + 'static {
    /// The program of the example.
    const PROGRAM: &'static str;
    /// What it is called in ids and tables.
    const NAME: &'static str;
    /// The method of a write.
    const WRITE: &'static str;
    /// How a write under an older tag is refused.
    const REFUSAL: StatusCode;

    /// Makes a resource that is called [`TITLE`], with this text in it.
    fn make(connection: &mut Connection, text: &str) -> impl Future<Output = Self>;

    fn read(&self) -> Request<Bytes>;

    /// A write under this tag, which changes one thing: what the resource is called.
    fn write(&self, tag: &str, title: &str) -> Request<Bytes>;

    /// The tag in an answer.
    fn tag(answer: &Response<Bytes>) -> String;
}

/// What a resource is called before the first write that is measured.
pub(crate) const TITLE: &str = "Write the release notes, take 0000000";

/// The tag in the header.
pub(crate) fn in_header(answer: &Response<Bytes>) -> String {
    let tag = answer.headers().get(header::ETAG).unwrap_or_else(|| panic!("no tag in {answer:?}"));
    tag.to_str().expect("our tags are ASCII").to_owned()
}

/// The tag in a member of the body.
pub(crate) fn in_member(answer: &Response<Bytes>, member: &str) -> String {
    body(answer)[member].as_str().unwrap_or_else(|| panic!("no {member} in {answer:?}")).to_owned()
}

/// The body of an answer.
pub(crate) fn body(answer: &Response<Bytes>) -> Value {
    serde_json::from_slice(answer.body()).unwrap_or_else(|error| panic!("{error} in {answer:?}"))
}

/// A request with a JSON body.
pub(crate) fn json(method: &str, path: &str, body: &Value) -> Request<Bytes> {
    with_json(method, path, "application/json", body)
}

/// A request with a body of a media type that is JSON.
pub(crate) fn with_json(method: &str, path: &str, media_type: &str, body: &Value) -> Request<Bytes> {
    let request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, media_type);
    request.body(body.to_string().into()).expect("the path is a URI")
}

/// A request without a body.
pub(crate) fn get(path: &str) -> Request<Bytes> {
    Request::get(path).body(Bytes::new()).expect("the path is a URI")
}

/// The same request with this field.
pub(crate) fn with(mut request: Request<Bytes>, name: header::HeaderName, value: &str) -> Request<Bytes> {
    request.headers_mut().insert(name, value.try_into().expect("the value is visible ASCII"));
    request
}

/// Asks for the representation after a write (RFC 7240 §4.2).
pub(crate) fn returning(request: Request<Bytes>) -> Request<Bytes> {
    with(request, header::HeaderName::from_static("prefer"), "return=representation")
}

/// Does what must succeed, and gives the body of the answer.
pub(crate) async fn made(connection: &mut Connection, request: Request<Bytes>) -> Value {
    let answer = connection.ask(request).await;
    assert!(answer.status().is_success(), "{answer:?}");
    body(&answer)
}
