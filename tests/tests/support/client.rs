//! A connection to a server.

use std::{
    io::{self, BufReader, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use crate::support::{Request, Response};

/// How long any answer may take. Nothing that is tested takes a tenth of it.
const PATIENCE: Duration = Duration::from_secs(30);

/// A client with one connection at a time, kept open between requests and opened again where the server closed it.
pub(crate) struct Client {
    address: SocketAddr,
    connection: Option<BufReader<TcpStream>>,
}

impl Client {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, connection: None }
    }

    /// Sends the request and reads its answer.
    ///
    /// # Panics
    /// If there is none within [`PATIENCE`].
    #[track_caller]
    pub(crate) fn send(&mut self, request: &Request) -> Response {
        self.try_send(request).unwrap_or_else(|error| panic!("no answer to {request:?}: {error}"))
    }

    /// The same where the server may be gone.
    pub(crate) fn try_send(&mut self, request: &Request) -> io::Result<Response> {
        self.exchange(&request.to_bytes(), request.is_head())
    }

    /// Sends bytes as they are and reads one answer.
    pub(crate) fn exchange(&mut self, bytes: &[u8], is_head: bool) -> io::Result<Response> {
        let mut connection = self.connection.take().map_or_else(|| connect(self.address), Ok)?;
        // The server may answer and hang up before it has read all; the answer counts.
        let sent = connection.get_mut().write_all(bytes);
        let response = Response::read(&mut connection, is_head);
        let response = response.map_err(|error| sent.err().unwrap_or(error))?;
        if !response.closes_connection() {
            self.connection = Some(connection);
        }
        Ok(response)
    }
}

fn connect(address: SocketAddr) -> io::Result<BufReader<TcpStream>> {
    let connection = TcpStream::connect(address)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    connection.set_nodelay(true)?;
    Ok(BufReader::new(connection))
}
