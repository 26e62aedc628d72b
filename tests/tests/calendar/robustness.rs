//! Whatever is sent, the client is told what is wrong with it, and the server goes on.

use serde_json::json;

use super::{BASE, EVENTS, Story, event, support::Request};

/// An object in an object, and so on.
fn nested(depth: usize) -> String {
    format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth))
}

#[test]
fn strange_bodies_are_kept_or_refused() {
    let mut story = Story::begin();
    let path = story.path.clone();
    for depth in [1, 100, 124, 125, 126, 127, 128, 1000] {
        let body = format!(r#"{{"extendedProperties":{}}}"#, nested(depth));
        let answer = story.send(&Request::new("PATCH", &path).body("application/json", body));
        assert_eq!(answer.status, if depth < 126 { 200 } else { 400 }, "{depth}: {answer:?}");
        story.send(&Request::get(EVENTS)).expect(200);
    }
    for member in
        [r#""summary":"\u0000""#, r#""summary":"\ud800""#, r#""sequence":1e400"#, r#""sequence":1.5"#, r#""a":1,"a":2"#]
    {
        let body = format!("{{{member}}}");
        let answer = story.send(&Request::new("PATCH", &path).body("application/json", body));
        assert!([200, 400].contains(&answer.status), "{member}: {answer:?}");
        story.get(&path);
    }
    story.send(&Request::put(&path, &event("Lunch"))).expect(200);
}

#[test]
fn strange_paths_name_nothing() {
    let mut story = Story::begin();
    let long = "a".repeat(5000);
    for name in ["%00", "%0A", "%FF", "..", "%2E%2E", "a%2Fb", "%23", "'", &long] {
        for path in [
            format!("{EVENTS}/{name}"),
            format!("{BASE}/calendars/{name}"),
            format!("{BASE}/calendars/{name}/events"),
            format!("{BASE}/calendars/primary/acl/{name}"),
            format!("{BASE}/users/me/settings/{name}"),
        ] {
            for request in [Request::get(&path), Request::put(&path, &event("Lunch")), Request::delete(&path)] {
                let answer = story.send(&request);
                assert!([400, 404, 405].contains(&answer.status), "{path}: {answer:?}");
                assert_eq!(answer.json()["error"]["code"], json!(answer.status), "{path}");
            }
        }
    }
}
