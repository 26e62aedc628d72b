//! One connection of a client.

use std::net::SocketAddr;

use axum::http::{HeaderValue, Request, Response, header};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// A connection that is kept open, with one request on its way at a time.
pub(crate) struct Connection {
    requests: SendRequest<Full<Bytes>>,
    host: HeaderValue,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("the server listens");
        stream.set_nodelay(true).expect("the connection is open");
        let (requests, exchange) = handshake(TokioIo::new(stream)).await.expect("the connection is open");
        tokio::spawn(exchange);
        Self { requests, host: address.to_string().try_into().expect("an address is visible ASCII") }
    }

    /// The answer, with all of its body.
    pub(crate) async fn ask(&mut self, mut request: Request<Bytes>) -> Response<Bytes> {
        request.headers_mut().insert(header::HOST, self.host.clone());
        self.requests.ready().await.expect("the server lives");
        let answer = self.requests.send_request(request.map(Full::new)).await.expect("the server answers");
        let (parts, body) = answer.into_parts();
        Response::from_parts(parts, body.collect().await.expect("the answer is whole").to_bytes())
    }
}
