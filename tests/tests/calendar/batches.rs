//! Several requests in one.

use serde_json::{Value, json};

use super::{
    EVENTS, Story, event, patch as patch_of,
    support::{Request, Response},
};

const BATCH: &str = "/batch/calendar/v3";

/// One request of a batch: its first line, its headers and its body.
struct Part(String, Vec<(&'static str, String)>, Value);

impl Part {
    fn new(method: &str, path: &str) -> Self {
        Self(format!("{method} {path} HTTP/1.1"), Vec::new(), Value::Null)
    }

    fn json(mut self, body: Value) -> Self {
        self.2 = body;
        self
    }

    fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.1.push((name, value.into()));
        self
    }

    fn text(&self, number: usize) -> String {
        let headers: Vec<_> = self.1.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let headers = headers.concat();
        let head =
            format!("Content-Type: application/http\r\nContent-ID: <part+{number}>\r\n\r\n{}\r\n{headers}", self.0);
        let text = format!("--b\r\n{head}");
        match &self.2 {
            Value::Null => text + "\r\n\r\n",
            body => text + &format!("Content-Type: application/json\r\n\r\n{body}\r\n"),
        }
    }
}

fn update(path: &str, summary: &str) -> Part {
    Part::new("PUT", path).json(event(summary))
}

fn batch(parts: &[Part]) -> Request {
    let body: String = parts.iter().enumerate().map(|(number, part)| part.text(number)).collect();
    Request::new("POST", BATCH).body("multipart/mixed; boundary=b", body + "--b--\r\n")
}

/// The status lines of the answers and their bodies.
#[track_caller]
fn answers(response: Response) -> Vec<(u16, Value)> {
    let response = response.expect(200);
    let kind = response.header("content-type").expect("a batch has a type");
    let boundary = kind.strip_prefix("multipart/mixed; boundary=").expect("it is multipart").trim_matches('"');
    let (text, boundary) = (response.text(), format!("--{boundary}"));
    let parts = text.split(&boundary).filter(|part| part.contains("HTTP/1.1 "));
    parts.map(answer).collect()
}

fn answer(part: &str) -> (u16, Value) {
    let (_, message) = part.split_once("HTTP/1.1 ").expect("an answer has a status line");
    let (head, body) = message.split_once("\r\n\r\n").expect("a head has an end");
    (head[..3].parse().expect("a status is a number"), serde_json::from_str(body.trim()).unwrap_or_default())
}

fn statuses(response: Response) -> Vec<u16> {
    answers(response).into_iter().map(|(status, _)| status).collect()
}

#[test]
fn the_answers_come_in_the_order_of_the_requests_with_their_ids() {
    let mut story = Story::begin();
    let parts =
        [Part::new("GET", &story.path), Part::new("GET", &format!("{EVENTS}/absent")), Part::new("GET", EVENTS)];
    let response = story.send(&batch(&parts));
    let text = response.text();
    let ids: Vec<_> =
        (0..3).map(|number| text.find(&format!("<response-part+{number}>")).expect("it is named")).collect();
    assert!(ids.is_sorted());
    let answers = answers(response);
    assert_eq!(answers.iter().map(|(status, _)| *status).collect::<Vec<_>>(), [200, 404, 200]);
    assert_eq!(answers[0].1, story.event);
    assert_eq!(answers[1].1["error"]["errors"][0]["reason"], "notFound");
}

#[test]
fn what_fails_undoes_nothing_else() {
    let mut story = Story::begin();
    let new = Part::new("POST", EVENTS).json(event("Dinner"));
    let stale = update(&story.path, "Brunch").header("If-Match", "\"1\"");
    let fresh = update(&story.path, "Supper").header("If-Match", story.etag());
    assert_eq!(statuses(story.send(&batch(&[new, stale, fresh]))), [200, 412, 200]);
    assert_eq!(story.get(EVENTS)["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(story.get(&story.path.clone())["summary"], "Supper");
}

#[test]
fn an_inner_412_is_the_same_as_one_alone() {
    let mut story = Story::begin();
    let alone = story.send(&Request::put(&story.path, &event("x")).if_match("\"1\"")).expect(412).json();
    let inner = update(&story.path, "x").header("if-match", "\"1\"");
    assert_eq!(answers(story.send(&batch(&[inner]))), [(412, alone)]);
}

#[test]
fn outer_headers_are_those_of_every_part_that_has_none_of_the_name() {
    let mut story = Story::begin();
    let parts = [
        update(&story.path, "Dinner").header("If-Match", story.etag()),
        Part::new("GET", &story.path),
        update(&story.path, "Supper"),
        Part::new("POST", EVENTS).json(event("New")),
    ];
    let answers = statuses(story.send(&batch(&parts).if_match("\"1\"")));
    assert_eq!(answers, [200, 412, 412, 200], "its own header is nearer, and an insert has no conditional form");
    assert_eq!(story.get(&story.path.clone())["summary"], "Dinner");

    let etag = super::tag(&story.get(&story.path.clone()));
    let reads = [Part::new("GET", &story.path), Part::new("GET", &story.path).header("If-None-Match", "\"1\"")];
    assert_eq!(statuses(story.send(&batch(&reads).if_none_match(etag))), [304, 200]);
}

#[test]
fn outer_headers_of_content_stay_outside() {
    let mut story = Story::begin();
    let part = Part::new("DELETE", &story.path);
    assert_eq!(statuses(story.send(&batch(&[part]).header("Content-Language", "en"))), [204]);
}

#[test]
fn a_second_write_of_one_event_in_one_batch_is_409_where_it_names_no_state() {
    let mut story = Story::begin();
    let parts = || ["Dinner", "Supper"].map(|summary| update(&story.path, summary));
    let request = batch(&parts());
    let answers = answers(story.send(&request));
    assert_eq!((answers[0].0, answers[1].0), (200, 409));
    let told = &answers[1].1["error"];
    assert_eq!((&told["errors"][0]["reason"], &told["message"]), (&json!("conflict"), &json!("Conflict")));
    assert_eq!(story.get(&story.path.clone())["summary"], "Dinner");
    story.send(&patch_of(&story.path, &json!({ "summary": "Later" }))).expect(200);
}

#[test]
fn both_names_of_a_calendar_lead_to_the_same_conflict() {
    let mut story = Story::begin();
    let id = story.event["id"].as_str().unwrap().to_owned();
    let paths = ["primary", "me@example.com", "me%40example.com"]
        .map(|name| format!("/calendar/v3/calendars/{name}/events/{id}"));
    let parts = paths.map(|path| update(&path, "Dinner"));
    assert_eq!(statuses(story.send(&batch(&parts))), [200, 409, 409]);
}

#[test]
fn writes_of_one_event_in_one_batch_may_be_done_in_their_order() {
    let mut story = Story::with(&["--overlap", "in-order"]);
    let parts = ["Dinner", "Supper"].map(|summary| update(&story.path, summary));
    assert_eq!(statuses(story.send(&batch(&parts))), [200, 200]);
    assert_eq!(story.get(&story.path.clone())["summary"], "Supper");
}

#[test]
fn conditions_may_mean_nothing_in_a_batch() {
    let mut story = Story::with(&["--inner-conditions", "ignored"]);
    let read = Part::new("GET", &story.path).header("If-None-Match", story.etag());
    let write = || update(&story.path, "Dinner").header("If-Match", "\"1\"");
    let request = batch(&[read, write(), write()]);
    assert_eq!(statuses(story.send(&request)), [200, 200, 409], "a condition that means nothing names no state");
    let stale = Request::put(&story.path, &event("Supper")).if_match("\"1\"");
    story.send(&stale).expect(412);
}

#[test]
fn more_than_1000_requests_are_refused_in_the_envelope() {
    let mut story = Story::begin();
    let parts: Vec<_> = (0..1001).map(|_| Part::new("GET", "/calendar/v3/users/me/settings/locale")).collect();
    assert_eq!(statuses(story.send(&batch(&parts[..1000]))).len(), 1000);
    assert_eq!(story.send(&batch(&parts)).expect(400).json()["error"]["code"], 400);
    let no_batch = Request::new("POST", BATCH).body("application/json", "{}");
    assert_eq!(story.send(&no_batch).expect(400).json()["error"]["errors"][0]["reason"], "invalid");
}
