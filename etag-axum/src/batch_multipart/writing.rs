//! From steps to a body.

use etag_core::{BatchStep, EncodedBatch};

use super::{
    BoundaryPrefixes, ContentIds, boundary::Boundaries, message::InPart, part::CONTENT_ID, reading::id_prefix,
};

/// The body that holds these steps.
pub(super) fn batch<T: InPart>(steps: &[BatchStep<T>], prefixes: BoundaryPrefixes, ids: ContentIds) -> EncodedBatch {
    let parts = steps.iter().map(|step| match step {
        BatchStep::Alone(one) => Written::Message(message(one, ids)),
        BatchStep::Together(several) => Written::ChangeSet(several.iter().map(|one| message(one, ids)).collect()),
    });
    let parts: Vec<_> = parts.collect();
    let boundaries = Boundaries::outside(prefixes, parts.iter().flat_map(Written::texts));
    let boundary = boundaries.batch();
    let body = framed(parts.into_iter().map(|part| part.section(boundaries)), &boundary);
    EncodedBatch { content_type: format!("multipart/mixed; boundary={boundary}"), body: body.into() }
}

/// A part, but for the boundaries in it.
enum Written {
    Message(Vec<u8>),
    ChangeSet(Vec<Vec<u8>>),
}

impl Written {
    fn texts(&self) -> impl Iterator<Item = &[u8]> {
        let messages = match self {
            Self::Message(message) => std::slice::from_ref(message),
            Self::ChangeSet(messages) => messages,
        };
        messages.iter().map(Vec::as_slice)
    }

    /// A change set has one header alone: clients of Dataverse take all after the first line for its parts.
    fn section(self, boundaries: Boundaries) -> Vec<u8> {
        match self {
            Self::Message(message) => message,
            Self::ChangeSet(messages) => {
                let boundary = boundaries.change_set();
                let head = format!("Content-Type: multipart/mixed; boundary={boundary}\r\n\r\n");
                [head.into_bytes(), framed(messages.into_iter(), &boundary)].concat()
            }
        }
    }
}

/// Begins with the first boundary: clients of Dataverse take the first line for it.
fn framed(sections: impl Iterator<Item = Vec<u8>>, boundary: &str) -> Vec<u8> {
    let mut body = Vec::new();
    for section in sections {
        body.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        body.extend_from_slice(&section);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    body
}

fn message<T: InPart>(message: &T, ids: ContentIds) -> Vec<u8> {
    let mut lines = Lines(Vec::new());
    lines.push("Content-Type: application/http");
    lines.push("Content-Transfer-Encoding: binary");
    if let Some(id) = message.id() {
        lines.push(&format!("{CONTENT_ID}: {}", content_id::<T>(id, ids)));
    }
    lines.push("");
    lines.push(&message.first_line());
    for (name, value) in message.framed_headers() {
        lines.push(&format!("{name}: {value}"));
    }
    lines.push("");
    lines.0.extend_from_slice(message.body());
    lines.0
}

fn content_id<T: InPart>(id: &str, ids: ContentIds) -> String {
    match ids {
        ContentIds::Echoed => id.to_owned(),
        ContentIds::Prefixed(_) => format!("<{}{id}>", id_prefix::<T>(ids)),
    }
}

/// Lines of heads, which are one line each whatever somebody put into a value.
struct Lines(Vec<u8>);

impl Lines {
    fn push(&mut self, line: &str) {
        let harmless = line.chars().map(|character| if character.is_control() { ' ' } else { character });
        self.0.extend_from_slice(harmless.collect::<String>().as_bytes());
        self.0.extend_from_slice(b"\r\n");
    }
}

#[cfg(test)]
mod tests {
    use etag_core::{BatchCodec as _, PartAnswer};

    use super::*;
    use crate::MultipartBatch;

    fn answer(id: &str, status: u16) -> PartAnswer {
        PartAnswer { id: Some(id.to_owned()), status, ..PartAnswer::default() }
    }

    fn with_json(answer: PartAnswer) -> PartAnswer {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        PartAnswer { headers, body: "{\"a\":1}".into(), ..answer }
    }

    #[test]
    fn answers_to_an_odata_batch() {
        let moved = vec![("Location".to_owned(), "/contacts(1)".to_owned())];
        let created = PartAnswer { headers: moved, ..answer("1", 204) };
        let steps =
            [BatchStep::Together(vec![created, answer("2", 412)]), BatchStep::Alone(with_json(answer("3", 200)))];
        let written = MultipartBatch::ODATA.write_answers(&steps);

        assert_eq!(written.content_type, "multipart/mixed; boundary=batchresponse_0000000000000000");
        let expected = "\
            --batchresponse_0000000000000000\r\n\
            Content-Type: multipart/mixed; boundary=changesetresponse_0000000000000000_\r\n\r\n\
            --changesetresponse_0000000000000000_\r\n\
            Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: 1\r\n\r\n\
            HTTP/1.1 204 No Content\r\nLocation: /contacts(1)\r\n\r\n\r\n\
            --changesetresponse_0000000000000000_\r\n\
            Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: 2\r\n\r\n\
            HTTP/1.1 412 Precondition Failed\r\nContent-Length: 0\r\n\r\n\r\n\
            --changesetresponse_0000000000000000_--\r\n\r\n\
            --batchresponse_0000000000000000\r\n\
            Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: 3\r\n\r\n\
            HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}\r\n\
            --batchresponse_0000000000000000--\r\n";
        assert_eq!(String::from_utf8(written.body.into()).unwrap(), expected);
    }

    #[test]
    fn a_value_with_line_breaks_is_one_line() {
        let headers = vec![("A".to_owned(), "1\r\n\r\nHTTP/1.1 500".to_owned())];
        let answer = PartAnswer { headers, ..answer("1\r\nX: y", 200) };
        let written = MultipartBatch::GOOGLE.write_answers(&[BatchStep::Alone(answer)]);
        let text = String::from_utf8(written.body.into()).unwrap();
        assert!(text.contains("\r\nA: 1    HTTP/1.1 500\r\n"), "{text}");
        assert!(text.contains("\r\nContent-ID: <response-1  X: y>\r\n"), "{text}");
    }

    #[test]
    fn a_body_with_a_boundary_in_it_gets_another() {
        let body = "--batchresponse_0000000000000000--\r\n".into();
        let steps = [BatchStep::Alone(PartAnswer { body, ..answer("1", 200) })];
        let written = MultipartBatch::ODATA.write_answers(&steps);
        assert!(written.content_type.ends_with("=batchresponse_0000000000000001"), "{}", written.content_type);
        assert_eq!(MultipartBatch::ODATA.read_answers(&written.content_type, &written.body).unwrap(), steps);
    }
}
