//! The body of an answer that has none.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use http_body_util::{Empty, combinators::Frame};

/// The body of a 204 or 304, to which axum adds no `Content-Length`.
///
/// It would add `0` to a body that is known to be empty, and in a 204 and 304 RFC 9110 §8.6 forbids that: the length there
/// is that of the 200. So this one does not tell its size, only that it is over, which spares HTTP/2 an empty frame.
pub(crate) fn absent() -> Body {
    Body::new(Absent)
}

struct Absent;

/// What any body of no data gives, named without the crate that names frames.
type Polled = Poll<<Frame<'static, Empty<Bytes>> as Future>::Output>;

impl HttpBody for Absent {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Polled {
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        true
    }
}
