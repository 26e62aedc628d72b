//! `$batch`: several requests in one, each by itself.

use serde_json::json;

use crate::{
    multipart::{Answer, Part, alone, batch, operation, parts, sent},
    service::{ROOT, STALE, Service, URL, rename},
    support::Response,
};

#[track_caller]
fn answers(response: &Response) -> Vec<Answer> {
    parts(response).into_iter().map(Part::alone).collect()
}

fn statuses(answers: &[Answer]) -> Vec<u16> {
    answers.iter().map(|answer| answer.status).collect()
}

/// A good one, a stale one and another good one.
fn with_a_stale_one(path: &str) -> Vec<String> {
    let read = alone(&operation(&format!("GET {path}"), &[], None));
    let stale = operation(&format!("PATCH {path}"), &["If-Match: W/\"1\""], Some(&json!({ "name": "Late" })));
    let create = operation(&format!("POST {ROOT}/accounts"), &[], Some(&json!({ "name": "More" })));
    vec![read, alone(&stale), alone(&create)]
}

#[test]
fn requests_are_done_and_answered_in_their_order() {
    let mut service = Service::start();
    let (path, version) = service.account();
    let update = operation(&format!("PATCH {path}"), &[&format!("If-Match: {version}")], Some(&json!({ "name": "B" })));
    let read = operation(&format!("GET {path}?$select=name"), &["Accept: application/json"], None);
    let requests = [alone(&read), alone(&update), alone(&read)];
    let answers = answers(&service.send(&batch(&requests)).expect(200));
    assert_eq!(statuses(&answers), [200, 204, 200]);
    assert_eq!((&answers[0].json()["name"], &answers[2].json()["name"]), (&json!("Contoso"), &json!("B")));
    assert_eq!(answers[0].header("etag"), Some(&*version));
    assert!(answers.iter().all(|answer| answer.header("odata-version") == Some("4.0")));
}

#[test]
fn targets_are_absolute_urls_paths_or_beside_the_batch() {
    let mut service = Service::start();
    let (path, _) = service.account();
    let relative = path.trim_start_matches("/api/data/v9.2/");
    for target in [format!("http://elsewhere.test{path}"), path.clone(), relative.to_owned()] {
        let request = alone(&operation(&format!("GET {target}"), &[], None));
        let answers = answers(&service.send(&batch(&[request])).expect(200));
        assert_eq!(answers[0].json()["name"], "Contoso");
    }
}

#[test]
fn an_error_ends_a_batch_and_gives_it_its_status() {
    let mut service = Service::start();
    let (path, _) = service.account();
    let response = service.send(&batch(&with_a_stale_one(&path))).expect(412);
    let answers = answers(&response);
    assert_eq!(statuses(&answers), [200, 412]);
    assert_eq!(answers[1].json(), json!({ "error": { "code": "0x80060882", "message": STALE } }));
    let list = service.send(&crate::support::Request::get(format!("{ROOT}/accounts"))).json();
    assert_eq!(list["value"].as_array().map(Vec::len), Some(1), "what came after the error was done");
}

#[test]
fn where_it_is_preferred_a_batch_goes_on_after_an_error() {
    let mut service = Service::start();
    let (path, _) = service.account();
    let request = batch(&with_a_stale_one(&path)).header("Prefer", "odata.continue-on-error");
    let response = service.send(&request).expect(200);
    assert_eq!(statuses(&answers(&response)), [200, 412, 204]);
}

#[test]
fn conditions_and_preferences_are_those_of_each_part() {
    let mut service = Service::start();
    let (path, version) = service.account();
    let prefer = "Prefer: return=representation";
    let renamed = json!({ "name": "B" });
    let update = operation(&format!("PATCH {path}"), &["If-None-Match: null", prefer], Some(&renamed));
    let known = operation(&format!("GET {path}"), &[&format!("If-None-Match: {version}")], None);
    let create = operation(&format!("POST {ROOT}/contacts"), &[prefer], Some(&json!({})));
    let requests = [known, update, create].map(|request| alone(&request));
    // A condition around all is none of theirs.
    let answers = answers(&service.send(&batch(&requests).if_none_match("*")).expect(200));
    assert_eq!(statuses(&answers), [304, 200, 201]);
    assert!(answers[0].body.is_empty());
    assert_eq!(answers[1].json()["@odata.etag"], service.version(&path));
    assert_eq!(answers[1].header("preference-applied"), Some("return=representation"));
}

#[test]
fn line_breaks_may_be_bare_and_an_empty_line_may_come_first() {
    let mut service = Service::start();
    let (path, _) = service.account();
    let request = alone(&operation(&format!("GET {URL}{}", path.trim_start_matches(ROOT)), &[], None));
    let body = format!("\r\n--dwa_batch_1\r\n{request}\r\n--dwa_batch_1--\r\n");
    for body in [body.replace("\r\n", "\n"), body] {
        let answers = answers(&service.send(&sent("multipart/mixed;boundary=dwa_batch_1", body)).expect(200));
        assert_eq!(answers[0].json()["name"], "Contoso");
    }
}

#[test]
fn a_batch_in_a_batch_is_refused() {
    let mut service = Service::start();
    let nested = alone(&operation(&format!("POST {ROOT}/$batch"), &[], None));
    let answers = answers(&service.send(&batch(&[nested])).expect(400));
    assert_eq!(statuses(&answers), [400]);
}

#[test]
fn more_than_a_thousand_requests_are_refused() {
    let mut service = Service::start();
    let read = alone(&operation(&format!("GET {ROOT}/accounts?$top=1"), &[], None));
    let most = vec![read; 1001];
    assert_eq!(parts(&service.send(&batch(&most[..1000])).expect(200)).len(), 1000);
    let refused = service.send(&batch(&most)).expect(400);
    assert!(refused.json()["error"]["message"].as_str().is_some_and(|message| message.contains("1000")), "{refused:?}");
}

#[test]
fn what_is_no_batch_is_refused() {
    let mut service = Service::start();
    let (path, _) = service.account();
    for request in [
        sent("application/json", "{}".to_owned()),
        sent("multipart/mixed", "--b--".to_owned()),
        sent("multipart/mixed; boundary=b", "no boundary".to_owned()),
        sent(
            "multipart/mixed; boundary=b",
            "--b\r\nContent-Type: text/plain\r\n\r\nGET / HTTP/1.1\r\n--b--".to_owned(),
        ),
    ] {
        let refused = service.send(&request);
        assert!((400..500).contains(&refused.status), "{refused:?}");
        assert!(refused.json()["error"]["message"].is_string(), "{refused:?}");
    }
    service.send(&rename(&path)).expect(204);
}
