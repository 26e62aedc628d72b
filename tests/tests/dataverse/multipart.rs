//! Multipart bodies, written and read without the code under test.

use serde_json::Value;

use crate::{
    service::ROOT,
    support::{Request, Response},
};

/// What stands before each operation.
const HEAD: &str = "Content-Type: application/http\r\nContent-Transfer-Encoding: binary";

/// A request as one part: its head with its own headers, and its body.
pub(crate) fn operation(line: &str, headers: &[&str], body: Option<&Value>) -> String {
    let line = format!("{line} HTTP/1.1");
    let body = body.map(Value::to_string);
    let lines = [&*line, "Content-Type: application/json"].into_iter().chain(headers.iter().copied());
    lines.chain([""]).chain(body.as_deref()).chain([""]).collect::<Vec<_>>().join("\r\n")
}

/// A part of a batch that is one operation.
pub(crate) fn alone(operation: &str) -> String {
    format!("{HEAD}\r\n\r\n{operation}\r\n")
}

/// A part of a batch that is a change set, whose operations have the ids 1, 2, …
pub(crate) fn change_set(operations: &[String]) -> String {
    let head = "Content-Type: multipart/mixed;boundary=changeset_1\r\n\r\n".to_owned();
    let item = |(at, operation)| format!("--changeset_1\r\n{HEAD}\r\nContent-ID: {at}\r\n\r\n{operation}\r\n");
    let items: Vec<_> = (1..).zip(operations).map(item).collect();
    head + &items.concat() + "--changeset_1--\r\n"
}

/// The batch of these parts.
pub(crate) fn batch(parts: &[String]) -> Request {
    let parts: Vec<_> = parts.iter().map(|part| format!("--batch_x\r\n{part}")).collect();
    sent("multipart/mixed; boundary=\"batch_x\"", parts.concat() + "--batch_x--\r\n")
}

pub(crate) fn sent(content_type: &str, body: String) -> Request {
    Request::new("POST", format!("{ROOT}/$batch")).body(content_type, body)
}

/// An answer within an answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
    content_id: Option<String>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        value_in(&self.head, name)
    }

    pub(crate) fn content_id(&self) -> Option<&str> {
        self.content_id.as_deref()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }
}

/// One part of an answer.
#[derive(Debug)]
pub(crate) enum Part {
    Alone(Answer),
    ChangeSet(Vec<Answer>),
}

impl Part {
    #[track_caller]
    pub(crate) fn alone(self) -> Answer {
        match self {
            Self::Alone(answer) => answer,
            Self::ChangeSet(answers) => panic!("a change set of {answers:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn change_set(self) -> Vec<Answer> {
        match self {
            Self::ChangeSet(answers) => answers,
            Self::Alone(answer) => panic!("alone: {answer:?}"),
        }
    }
}

/// The parts of an answer, whose form is checked on the way.
#[track_caller]
pub(crate) fn parts(response: &Response) -> Vec<Part> {
    let text = response.text();
    let boundary = boundary(response.header("content-type").expect("a media type"), "batchresponse_");
    assert!(text.starts_with(&format!("--{boundary}\r\n")), "{text}");
    pieces(&text, &boundary).into_iter().map(part).collect()
}

#[track_caller]
fn part(text: &str) -> Part {
    let (head, rest) = text.split_once("\r\n\r\n").expect("a head and a body");
    let media_type = value_in(head, "content-type").expect("a media type");
    if media_type == "application/http" {
        assert_eq!(value_in(head, "content-transfer-encoding"), Some("binary"), "{text}");
        return Part::Alone(answer(head, rest));
    }
    let boundary = boundary(media_type, "changesetresponse_");
    let items = pieces(rest, &boundary).into_iter();
    Part::ChangeSet(items.map(|item| part(item).alone()).collect())
}

fn answer(part_head: &str, text: &str) -> Answer {
    let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.strip_prefix("HTTP/1.1 ").and_then(|line| line.get(..3)?.parse().ok()).expect("a status line");
    let content_id = value_in(part_head, "content-id").map(str::to_owned);
    Answer { status, head: head.to_owned(), body: body.trim_end().to_owned(), content_id }
}

#[track_caller]
fn boundary(media_type: &str, prefix: &str) -> String {
    let boundary = media_type.strip_prefix("multipart/mixed; boundary=").unwrap_or_else(|| panic!("{media_type}"));
    assert!(boundary.starts_with(prefix), "{boundary}");
    boundary.to_owned()
}

fn pieces<'t>(text: &'t str, boundary: &str) -> Vec<&'t str> {
    let (inside, _) = text.split_once(&format!("--{boundary}--")).expect("an end");
    inside.split(&format!("--{boundary}\r\n")).skip(1).collect()
}

fn value_in<'t>(head: &'t str, name: &str) -> Option<&'t str> {
    let headers = head.lines().filter_map(|line| line.split_once(": "));
    headers.into_iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}
