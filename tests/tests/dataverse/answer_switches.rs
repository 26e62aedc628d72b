//! The flags of what the service's documents leave open of answers: versions, errors, and change sets that failed.

use serde_json::{Value, json};

use crate::{
    multipart::{alone, batch, change_set, operation, parts},
    service::{ROOT, STALE, Service, assert_error, patch, post, rename, row},
    support::Request,
};

#[test]
fn a_204_can_tell_the_new_version() {
    let mut service = Service::with(&["--etag-on-204", "sent"]);
    let created = service.send(&post("accounts", &json!({ "name": "Contoso" }))).expect(204);
    let path = crate::service::path_in(created.header("odata-entityid").expect("where it is"));
    assert_eq!(created.etag(), service.version(&path));
    for request in [
        rename(&path),
        Request::put(format!("{path}/name"), &json!({ "value": "Northwind" })),
        Request::delete(format!("{path}/name")),
    ] {
        let version = service.version(&path);
        let written = service.send(&request.if_match(&version)).expect(204);
        assert_eq!(written.etag(), service.version(&path));
    }
    assert_eq!(service.send(&Request::delete(&path)).expect(204).header("etag"), None);
}

#[test]
fn a_204_in_a_change_set_tells_the_version_that_is_stored() {
    let mut service = Service::with(&["--etag-on-204", "sent"]);
    let (path, _) = service.account();
    let update = operation(&format!("PATCH {path}"), &[], Some(&json!({ "name": "B" })));
    let create = operation(&format!("POST {ROOT}/contacts"), &[], Some(&json!({})));
    let mut steps = parts(&service.send(&batch(&[change_set(&[update, create])])).expect(200));
    let answers = steps.remove(0).change_set();
    assert_eq!(answers[0].header("etag"), Some(&*service.version(&path)));
}

#[test]
fn the_status_of_a_version_that_can_not_be_compared_is_as_chosen() {
    let mut service = Service::with(&["--concurrency-status", "412"]);
    let note = service.create("annotations", &json!({}));
    let version = service.version(&note);
    let refused = service.send(&patch(&note, &json!({ "subject": "mail" })).if_match(version)).expect(412).json();
    assert_eq!(refused["error"]["code"], "0x80060883");
}

#[test]
fn codes_can_be_as_empty_as_in_the_documents() {
    let mut service = Service::with(&["--codes", "nothing"]);
    let (path, _) = service.account();
    assert_error(service.send(&rename(&path).if_match("W/\"1\"")), 412, "", STALE);
    let note = service.create("annotations", &json!({}));
    let refused = service.send(&Request::delete(&note).if_match("W/\"1\"")).expect(400).json();
    assert_eq!(refused["error"]["code"], "");
}

#[test]
fn errors_can_have_an_inner_error() {
    let mut service = Service::with(&["--inner-errors", "sent"]);
    let (path, _) = service.account();
    let refused = service.send(&rename(&path).if_match("W/\"1\"")).expect(412).json();
    let inner = json!({ "message": STALE, "type": "Microsoft.Crm.CrmException", "stacktrace": "" });
    assert_eq!(refused, json!({ "error": { "code": "0x80060882", "message": STALE, "innererror": inner } }));

    let mut service = Service::with(&["--inner-errors", "sent", "--codes", "nothing"]);
    let refused = service.send(&Request::get(row("accounts"))).expect(404).json();
    assert_eq!(refused["error"]["code"], "");
    assert_eq!(refused["error"]["innererror"]["message"], refused["error"]["message"]);
}

/// The default is proved in `change_sets`.
#[test]
fn a_failed_change_set_can_be_told_in_a_change_set() {
    let mut service = Service::with(&["--failed-change-sets", "nested"]);
    let (path, version) = service.account();
    let write = |version: &str| {
        operation(&format!("PATCH {path}"), &[&format!("If-Match: {version}")], Some(&json!({ "name": "B" })))
    };
    let create = operation(&format!("POST {ROOT}/contacts"), &[], Some(&json!({})));
    let read = alone(&operation(&format!("GET {path}"), &[], None));
    let failing = || change_set(&[create.clone(), write("W/\"1\"")]);

    let mut steps = parts(&service.send(&batch(&[read.clone(), failing(), read.clone()])).expect(412));
    assert_eq!(steps.len(), 2);
    let [failed] = &steps.remove(1).change_set()[..] else { panic!("one answer to the change set") };
    assert_eq!((failed.status, failed.content_id()), (412, Some("2")));
    assert_eq!(failed.json(), json!({ "error": { "code": "0x80060882", "message": STALE } }));

    let going_on = batch(&[failing(), read]).header("Prefer", "odata.continue-on-error");
    let mut steps = parts(&service.send(&going_on).expect(200));
    assert_eq!((steps.remove(0).change_set().len(), steps.remove(0).alone().status), (1, 200));
    let contacts = service.send(&Request::get(format!("{ROOT}/contacts"))).json()["value"].take();
    assert_eq!((service.version(&path), contacts), (version.clone(), Value::Array(Vec::new())));

    let mut steps = parts(&service.send(&batch(&[change_set(&[write(&version), create])])).expect(200));
    assert_eq!(steps.remove(0).change_set().len(), 2);
}
