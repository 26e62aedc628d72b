//! What a method does with a resource, as far as preconditions ask.

use etag_core::MethodKind;
use http::Method;

pub(crate) fn method_kind(method: &Method) -> MethodKind {
    match *method {
        Method::GET | Method::HEAD => MethodKind::Read,
        _ => MethodKind::Write,
    }
}
