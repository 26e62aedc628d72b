//! Requests and responses as bytes.

use std::{
    fmt,
    io::{self, BufRead},
};

use serde_json::Value;

/// A request, of which nothing is checked: it may be as wrong as a test wants.
#[derive(Clone)]
pub(crate) struct Request {
    method: String,
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Option<Vec<u8>>,
}

impl Request {
    pub(crate) fn new(method: &str, target: impl Into<String>) -> Self {
        Self { method: method.to_owned(), target: target.into(), headers: Vec::new(), body: None }
    }

    pub(crate) fn get(target: impl Into<String>) -> Self {
        Self::new("GET", target)
    }

    pub(crate) fn post(target: impl Into<String>, body: &Value) -> Self {
        Self::new("POST", target).json(body)
    }

    pub(crate) fn put(target: impl Into<String>, body: &Value) -> Self {
        Self::new("PUT", target).json(body)
    }

    /// With a JSON Merge Patch (RFC 7396).
    pub(crate) fn patch(target: impl Into<String>, body: &Value) -> Self {
        Self::new("PATCH", target).body("application/merge-patch+json", body.to_string())
    }

    /// With a JSON Patch (RFC 6902).
    pub(crate) fn json_patch(target: impl Into<String>, body: &Value) -> Self {
        Self::new("PATCH", target).body("application/json-patch+json", body.to_string())
    }

    pub(crate) fn delete(target: impl Into<String>) -> Self {
        Self::new("DELETE", target)
    }

    pub(crate) fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    pub(crate) fn if_match(self, etag: impl AsRef<[u8]>) -> Self {
        self.header("If-Match", etag)
    }

    pub(crate) fn if_none_match(self, etag: impl AsRef<[u8]>) -> Self {
        self.header("If-None-Match", etag)
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub(crate) fn body(self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.header("Content-Type", media_type).with_bytes(body)
    }

    /// With a body whose media type a header gives already, or none.
    pub(crate) fn with_bytes(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    pub(crate) fn target(&self) -> &str {
        &self.target
    }

    pub(crate) fn is_head(&self) -> bool {
        self.method == "HEAD"
    }

    pub(crate) fn is_read(&self) -> bool {
        matches!(&*self.method, "GET" | "HEAD")
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = format!("{} {} HTTP/1.1\r\nHost: board.test\r\n", self.method, self.target).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend_from_slice(name.as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value);
            bytes.extend_from_slice(b"\r\n");
        }
        if let Some(body) = &self.body {
            bytes.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
            bytes.extend_from_slice(body);
        } else {
            bytes.extend_from_slice(b"\r\n");
        }
        bytes
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.to_bytes();
        f.write_str(&String::from_utf8_lossy(&bytes[..bytes.len().min(1000)]))
    }
}

/// A whole answer.
#[derive(Clone)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// Reads one answer, after any interim ones (RFC 9110 §15.2).
    pub(crate) fn read(from: &mut impl BufRead, is_to_head: bool) -> io::Result<Self> {
        loop {
            let (status, headers) = read_head(from)?;
            if (100..200).contains(&status) {
                continue;
            }
            let mut response = Self { status, headers, body: Vec::new() };
            if !is_to_head && !matches!(status, 204 | 304) {
                response.read_body(from)?;
            }
            return Ok(response);
        }
    }

    fn read_body(&mut self, from: &mut impl BufRead) -> io::Result<()> {
        if self.header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
            return read_chunks(from, &mut self.body);
        }
        let Some(length) = self.header("content-length") else {
            return from.read_to_end(&mut self.body).map(drop);
        };
        self.body = vec![0; length.parse().map_err(|_| invalid("content-length is not a number"))?];
        from.read_exact(&mut self.body)
    }

    /// The header's only line.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.headers.iter().filter(|header| header.0.eq_ignore_ascii_case(name));
        let line = lines.next().map(|header| header.1.as_str());
        assert!(lines.next().is_none(), "{name} was sent twice in {self:?}");
        line
    }

    /// All lines of a header whose value is a list, as its members in lower case.
    pub(crate) fn members(&self, name: &str) -> Vec<String> {
        let lines = self.headers.iter().filter(|header| header.0.eq_ignore_ascii_case(name));
        let members = lines.flat_map(|header| header.1.split(','));
        members.map(|member| member.trim().to_ascii_lowercase()).collect()
    }

    pub(crate) fn etag(&self) -> String {
        self.header("etag").unwrap_or_else(|| panic!("no ETag in {self:?}")).to_owned()
    }

    pub(crate) fn last_modified(&self) -> String {
        self.header("last-modified").unwrap_or_else(|| panic!("no Last-Modified in {self:?}")).to_owned()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub(crate) fn closes_connection(&self) -> bool {
        self.members("connection").iter().any(|member| member == "close")
    }

    /// Asserts the status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// Asserts that it blames the request.
    #[track_caller]
    pub(crate) fn expect_client_error(self) {
        assert!((400..500).contains(&self.status), "{self:?}");
    }

    /// Asserts that it is a problem (RFC 9457) of this status, and that its text mentions all of `words`.
    #[track_caller]
    pub(crate) fn expect_problem(self, status: u16, words: &[&str]) -> Self {
        let response = self.expect(status);
        assert_eq!(response.header("content-type"), Some("application/problem+json"), "{response:?}");
        let problem = response.json();
        assert_eq!(problem["status"], status, "{response:?}");
        assert!(problem["title"].is_string(), "{response:?}");
        let text = problem.to_string();
        for word in words {
            assert!(text.contains(word), "no {word:?} in {response:?}");
        }
        response
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.status)?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {value}")?;
        }
        f.write_str(&String::from_utf8_lossy(&self.body[..self.body.len().min(2000)]))
    }
}

type Head = (u16, Vec<(String, String)>);

fn read_head(from: &mut impl BufRead) -> io::Result<Head> {
    let line = read_line(from)?;
    let status = line.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)).and_then(|code| code.parse().ok());
    let status = status.ok_or_else(|| invalid(&format!("{line:?} is not a status line")))?;
    let mut headers = Vec::new();
    loop {
        let line = read_line(from)?;
        if line.is_empty() {
            return Ok((status, headers));
        }
        let (name, value) = line.split_once(':').ok_or_else(|| invalid(&format!("{line:?} is not a header")))?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
}

fn read_line(from: &mut impl BufRead) -> io::Result<String> {
    let mut line = Vec::new();
    from.read_until(b'\n', &mut line)?;
    let line = line.strip_suffix(b"\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
    Ok(String::from_utf8_lossy(line).into_owned())
}

fn read_chunks(from: &mut impl BufRead, body: &mut Vec<u8>) -> io::Result<()> {
    loop {
        let line = read_line(from)?;
        let size = usize::from_str_radix(&line, 16).map_err(|_| invalid(&format!("{line:?} is not a chunk size")))?;
        let start = body.len();
        body.resize(start + size, 0);
        from.read_exact(&mut body[start..])?;
        let end = read_line(from)?;
        if size == 0 || !end.is_empty() {
            return if end.is_empty() { Ok(()) } else { Err(invalid("the chunk is longer than its size")) };
        }
    }
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}
