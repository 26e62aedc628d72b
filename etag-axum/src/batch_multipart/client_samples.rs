//! Bodies in the shape in which real clients send them, and what those need of answers.

use etag_core::{BatchCodec as _, BatchPart, BatchStep, PartAnswer};

use crate::MultipartBatch;

/// google-api-python-client: LF, a quoted boundary with `=`, and the mail library's folding of long ids.
const GOOGLE_PYTHON: &str = "\
--===============6120463307718829911==
Content-Type: application/http
MIME-Version: 1.0
Content-Transfer-Encoding: binary
Content-ID: <0d3c7b52-91e4-4f0a-8a6e-2b7f5c1d9e30 + 1>

GET /v1/people/c7?personFields=names HTTP/1.1
Content-Type: application/json
MIME-Version: 1.0
accept: application/json
Host: 127.0.0.1:4012


--===============6120463307718829911==
Content-Type: application/http
MIME-Version: 1.0
Content-Transfer-Encoding: binary
Content-ID: <0d3c7b52-91e4-4f0a-8a6e-2b7f5c1d9e30 +
 rename-of-people%2Fc7-because-it-was-misspelt>

PATCH /v1/people/c7:updateContact?updatePersonFields=names HTTP/1.1
Content-Type: application/json
MIME-Version: 1.0
If-Match: \"a\"
content-length: 23

{\"etag\": \"%1\", \"n\": \"Ö\"}
--===============6120463307718829911==--
";

/// dynamics-web-api: an empty line first, CRLF, absolute targets, an empty line after each body.
const DYNAMICS_WEB_API: &str = "\r\n\
--dwa_batch_6a0f4c8e-3a55-4c7e-a8f3-5d6e0b1f2a77\r\n\
Content-Type: application/http\r\n\
Content-Transfer-Encoding: binary\r\n\
\r\n\
GET http://127.0.0.1:4014/api/data/v9.2/contacts(7)?$select=fullname HTTP/1.1\r\n\
Accept: application/json\r\n\
\r\n\
--dwa_batch_6a0f4c8e-3a55-4c7e-a8f3-5d6e0b1f2a77\r\n\
Content-Type: multipart/mixed;boundary=changeset_1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed\r\n\
\r\n\
--changeset_1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed\r\n\
Content-Type: application/http\r\n\
Content-Transfer-Encoding: binary\r\n\
Content-ID: 1\r\n\
\r\n\
POST http://127.0.0.1:4014/api/data/v9.2/contacts HTTP/1.1\r\n\
Content-Type: application/json\r\n\
\r\n\
{\"fullname\":\"Ada\"}\r\n\
\r\n\
--changeset_1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed\r\n\
Content-Type: application/http\r\n\
Content-Transfer-Encoding: binary\r\n\
Content-ID: 100001\r\n\
\r\n\
DELETE http://127.0.0.1:4014/api/data/v9.2/contacts(8) HTTP/1.1\r\n\
Content-Type: application/json\r\n\
If-Match: W/\"7\"\r\n\
\r\n\
--changeset_1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed--\r\n\
\r\n\
--dwa_batch_6a0f4c8e-3a55-4c7e-a8f3-5d6e0b1f2a77--\r\n";

fn summary(request: &BatchPart) -> (Option<&str>, String, &[u8]) {
    (request.id.as_deref(), format!("{} {}", request.method, request.target), &request.body)
}

fn header<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

#[test]
fn what_google_api_python_client_sends_is_read() {
    let content_type = "multipart/mixed; boundary=\"===============6120463307718829911==\"";
    let steps = MultipartBatch::GOOGLE.read_requests(content_type, &GOOGLE_PYTHON.into()).unwrap();

    let [BatchStep::Alone(get), BatchStep::Alone(patch)] = &steps[..] else { panic!("{steps:?}") };
    let id = "0d3c7b52-91e4-4f0a-8a6e-2b7f5c1d9e30 + 1";
    assert_eq!(summary(get), (Some(id), "GET /v1/people/c7?personFields=names".to_owned(), &b""[..]));
    let id = "0d3c7b52-91e4-4f0a-8a6e-2b7f5c1d9e30 + rename-of-people%2Fc7-because-it-was-misspelt";
    let target = "PATCH /v1/people/c7:updateContact?updatePersonFields=names".to_owned();
    assert_eq!(summary(patch), (Some(id), target, "{\"etag\": \"%1\", \"n\": \"Ö\"}".as_bytes()));
    assert_eq!(header(&patch.headers, "If-Match"), Some("\"a\""));
    assert_eq!(header(&patch.headers, "content-length"), None);
}

#[test]
fn what_dynamics_web_api_sends_is_read() {
    let content_type = "multipart/mixed;boundary=dwa_batch_6a0f4c8e-3a55-4c7e-a8f3-5d6e0b1f2a77";
    for body in [DYNAMICS_WEB_API.to_owned(), DYNAMICS_WEB_API.replace("\r\n", "\n")] {
        let line_break = if body.contains('\r') { "\r\n" } else { "\n" };
        let steps = MultipartBatch::ODATA.read_requests(content_type, &body.into()).unwrap();

        let [BatchStep::Alone(get), BatchStep::Together(changes)] = &steps[..] else { panic!("{steps:?}") };
        let target = "GET http://127.0.0.1:4014/api/data/v9.2/contacts(7)?$select=fullname".to_owned();
        assert_eq!(summary(get), (None, target, &b""[..]));
        let [create, delete] = &changes[..] else { panic!("{changes:?}") };
        let target = "POST http://127.0.0.1:4014/api/data/v9.2/contacts".to_owned();
        let sent = format!("{{\"fullname\":\"Ada\"}}{line_break}");
        assert_eq!(summary(create), (Some("1"), target, sent.as_bytes()));
        let target = "DELETE http://127.0.0.1:4014/api/data/v9.2/contacts(8)".to_owned();
        assert_eq!(summary(delete), (Some("100001"), target, &b""[..]));
        assert_eq!(header(&delete.headers, "If-Match"), Some("W/\"7\""));
    }
}

/// That client takes the id apart at ` + `, the status line at its first line feed, and the rest at the first empty line
/// after a header.
#[test]
fn google_api_python_client_finds_all_it_looks_for() {
    let answer = PartAnswer { id: Some("0d3c + 1".to_owned()), status: 204, ..PartAnswer::default() };
    let written = MultipartBatch::GOOGLE.write_answers(&[BatchStep::Alone(answer)]);
    let text = String::from_utf8(written.body.into()).unwrap();

    let (head, message) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.ends_with("\r\nContent-ID: <response-0d3c + 1>"), "{head}");
    let (status_line, rest) = message.split_once('\n').unwrap();
    assert_eq!(status_line, "HTTP/1.1 204 No Content\r");
    let (headers, rest) = rest.split_once("\r\n\r\n").unwrap();
    assert_eq!(headers, "Content-Length: 0");
    assert!(rest.starts_with("\r\n--batch_"), "{rest}");
}

/// That client takes the first line of all for the boundary, and in a change set what comes after the first line for its
/// parts.
#[test]
fn dynamics_web_api_finds_its_boundaries() {
    let answer = |status| PartAnswer { status, ..PartAnswer::default() };
    let steps = [BatchStep::Together(vec![answer(204), answer(204)]), BatchStep::Alone(answer(404))];
    let written = MultipartBatch::ODATA.write_answers(&steps);
    let text = String::from_utf8(written.body.into()).unwrap();

    let (boundary, _) = text.split_once("\r\n").unwrap();
    let parts: Vec<_> = text.split(boundary).collect();
    let ["", change_set, alone, "--\r\n"] = parts[..] else { panic!("{parts:?}") };
    assert!(alone.contains("HTTP/1.1 404 Not Found"));
    let (_, parts) = change_set.trim().split_once('\n').unwrap();
    let (boundary, _) = parts.trim().split_once("\r\n").unwrap();
    assert!(boundary.starts_with("--changesetresponse_"));
    assert_eq!(parts.trim().split(boundary).count(), 4);
}
