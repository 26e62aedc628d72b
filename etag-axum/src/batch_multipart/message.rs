//! The request or answer in a part: `application/http` (RFC 9112 §10.2).

use bytes::Bytes;
use etag_core::{BatchPart, PartAnswer};
use http::{Method, StatusCode, header};

use super::head::{self, Fields, Flaw};

/// A request or an answer, its first line not yet looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    first_line: String,
    headers: Fields,
    body: Bytes,
}

impl Message {
    /// Reads the content of a part.
    ///
    /// # Errors
    /// Where its head can't be read, or it says that its body is coded.
    pub(super) fn read(content: &Bytes) -> Result<Self, Flaw> {
        let (head, body) = head::split(&without_empty_lines_before(content))?;
        let (first_line, lines) = split_line(&head);
        let first_line =
            str::from_utf8(first_line).map_err(|_| "its first line is no UTF-8; percent-encode the target")?;
        let headers = head::fields(lines)?;
        if head::value(&headers, header::TRANSFER_ENCODING.as_str()).is_some() {
            return Err("it has a Transfer-Encoding; send its body as it is".into());
        }
        let body = sent_body(&headers, body);
        Ok(Self { first_line: first_line.to_owned(), headers: without_framing(headers), body })
    }
}

/// RFC 9112 §2.2 asks to overlook them.
fn without_empty_lines_before(content: &Bytes) -> Bytes {
    let blank = content.iter().take_while(|&&byte| is_line_break(byte)).count();
    content.slice(blank..)
}

fn split_line(head: &[u8]) -> (&[u8], &[u8]) {
    match head.iter().position(|&byte| byte == b'\n') {
        Some(end) => (head[..end].trim_ascii_end(), &head[end + 1..]),
        None => (head, &[]),
    }
}

/// All up to the boundary, but for line breaks past `Content-Length`. More than that it can't say: there are clients that
/// count characters in it.
fn sent_body(headers: &[(String, String)], body: Bytes) -> Bytes {
    let declared = head::value(headers, header::CONTENT_LENGTH.as_str()).and_then(|length| length.parse().ok());
    let length = body.len().min(declared.unwrap_or(0));
    if body[length..].iter().all(|&byte| is_line_break(byte)) { body.slice(..length) } else { body }
}

fn is_line_break(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

fn without_framing(headers: Fields) -> Fields {
    headers.into_iter().filter(|(name, _)| !is_framing(name)).collect()
}

/// Whether a header is about how the body is packed, and no longer true elsewhere.
fn is_framing(name: &str) -> bool {
    [header::CONTENT_LENGTH, header::TRANSFER_ENCODING]
        .iter()
        .any(|framing| name.eq_ignore_ascii_case(framing.as_str()))
}

/// What parts hold: requests in one direction, answers in the other.
pub(super) trait InPart: Sized {
    /// What stands before the name of the request in the `Content-ID`.
    fn id_prefix(prefix: &'static str) -> &'static str;

    /// Takes the first line apart.
    ///
    /// # Errors
    /// Where it is none.
    fn from_message(id: Option<String>, message: Message) -> Result<Self, Flaw>;

    fn first_line(&self) -> String;
    fn id(&self) -> Option<&str>;
    fn headers(&self) -> &[(String, String)];
    fn body(&self) -> &Bytes;

    /// The headers to write. `Content-Length` is there with a body, and where no other is: clients of Google look for
    /// the empty line after a header.
    fn framed_headers(&self) -> Fields {
        let mut headers = without_framing(self.headers().to_vec());
        if headers.is_empty() || !self.body().is_empty() {
            headers.push(("Content-Length".to_owned(), self.body().len().to_string()));
        }
        headers
    }
}

impl InPart for BatchPart {
    fn id_prefix(_: &'static str) -> &'static str {
        ""
    }

    fn from_message(id: Option<String>, message: Message) -> Result<Self, Flaw> {
        let words: Vec<_> = message.first_line.split_ascii_whitespace().take(4).collect();
        let (method, target) = match words[..] {
            [method, target] => (method, target),
            [method, target, version] if version.starts_with("HTTP/") => (method, target),
            _ => return Err(no_request_line()),
        };
        let is_target = !target.chars().any(char::is_control);
        if Method::from_bytes(method.as_bytes()).is_err() || !is_target {
            return Err(no_request_line());
        }
        let (method, target) = (method.to_owned(), target.to_owned());
        Ok(Self { id, method, target, headers: message.headers, body: message.body, after: Vec::new() })
    }

    fn first_line(&self) -> String {
        format!("{} {} HTTP/1.1", self.method, self.target)
    }

    fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    fn body(&self) -> &Bytes {
        &self.body
    }
}

fn no_request_line() -> Flaw {
    "it does not begin with a request line; send `METHOD TARGET HTTP/1.1`, blanks in the target as %20".into()
}

impl InPart for PartAnswer {
    fn id_prefix(prefix: &'static str) -> &'static str {
        prefix
    }

    fn from_message(id: Option<String>, message: Message) -> Result<Self, Flaw> {
        let mut words = message.first_line.split_ascii_whitespace();
        let version = words.next().filter(|version| version.starts_with("HTTP/"));
        let status = version.and(words.next()).and_then(|status| StatusCode::from_bytes(status.as_bytes()).ok());
        let status = status.ok_or("it does not begin with a status line; send `HTTP/1.1 STATUS REASON`")?;
        Ok(Self { id, status: status.as_u16(), headers: message.headers, body: message.body })
    }

    fn first_line(&self) -> String {
        let reason = StatusCode::from_u16(self.status).ok().and_then(|status| status.canonical_reason());
        format!("HTTP/1.1 {} {}", self.status, reason.unwrap_or_default())
    }

    fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    fn body(&self) -> &Bytes {
        &self.body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(content: &'static str) -> Result<BatchPart, Flaw> {
        BatchPart::from_message(None, Message::read(&Bytes::from(content))?)
    }

    fn answer(content: &'static str) -> Result<PartAnswer, Flaw> {
        PartAnswer::from_message(None, Message::read(&Bytes::from(content))?)
    }

    #[test]
    fn a_request_line_may_lack_its_version() {
        for line in
            ["GET /a?b=c HTTP/1.1", "GET /a?b=c", "\r\n\nGET /a?b=c HTTP/1.1\r\n\r\n", "GET  /a?b=c \r\nHost: x"]
        {
            let read = request(line).unwrap();
            assert_eq!((read.method.as_str(), read.target.as_str()), ("GET", "/a?b=c"), "{line:?}");
        }
        assert_eq!(request("POST http://h:1/$batch HTTP/1.1").unwrap().target, "http://h:1/$batch");
    }

    #[test]
    fn what_is_no_request_line_is_refused() {
        for line in ["", "GET", "GET /a b HTTP/1.1", "GET /a b", "G(T /a", "GET /a\u{1}", "HTTP/1.1 200 OK", "{}"] {
            assert!(request(line).is_err(), "{line:?}");
        }
        assert!(request("GET").unwrap_err().contains("METHOD TARGET HTTP/1.1"));
    }

    #[test]
    fn a_status_line_may_lack_its_reason() {
        for line in ["HTTP/1.1 404 Not Found", "HTTP/1.1 404", "HTTP/2 404 \r\nA: 1\r\n\r\n"] {
            assert_eq!(answer(line).unwrap().status, 404, "{line:?}");
        }
        for line in ["", "HTTP/1.1", "HTTP/1.1 99", "HTTP/1.1 OK", "404 Not Found", "GET /a HTTP/1.1"] {
            assert!(answer(line).is_err(), "{line:?}");
        }
    }

    #[test]
    fn a_body_keeps_its_empty_lines_where_it_is_more_than_those() {
        let body = |content| request(content).unwrap().body;
        assert_eq!(body("GET /\r\n\r\n\r\n\n\r\n"), "");
        assert_eq!(body("PUT /\r\n\r\n\r\n{}\r\n"), "\r\n{}\r\n");
        assert_eq!(body("PUT /\nContent-Length: 2\n\n{}\r\n"), "{}");
        assert_eq!(body("PUT /\nContent-Length: 4\n\n{}\r\n"), "{}\r\n");
        assert_eq!(body("PUT /\nContent-Length: 2\n\n\r\n\r\n"), "\r\n");
        assert_eq!(body("PUT /\nContent-Length: 3\n\n\"é\""), "\"é\"");
        assert_eq!(body("PUT /\nContent-Length: 9\n\n{}"), "{}");
    }

    #[test]
    fn headers_about_the_packing_are_not_passed_on() {
        let read = request("PUT /\r\nContent-Length: 2\r\nA: 1\r\n\r\n{}").unwrap();
        assert_eq!(read.headers, [("A".to_owned(), "1".to_owned())]);
        assert!(request("PUT /\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").unwrap_err().contains("as it is"));
    }
}
