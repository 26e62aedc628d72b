//! Change sets: the requests of a batch that happen together.

use serde_json::{Value, json};

use crate::{
    multipart::{alone, batch, change_set, operation, parts},
    service::{ROOT, STALE, Service, path_in, rename},
    support::Request,
};

fn update(path: &str, version: &str, name: &str) -> String {
    operation(&format!("PATCH {path}"), &[&format!("If-Match: {version}")], Some(&json!({ "name": name })))
}

fn create(set: &str, columns: &Value) -> String {
    operation(&format!("POST {ROOT}/{set}"), &[], Some(columns))
}

fn count(service: &mut Service, set: &str) -> Option<usize> {
    let list = service.send(&Request::get(format!("{ROOT}/{set}"))).expect(200).json();
    list["value"].as_array().map(Vec::len)
}

#[test]
fn a_change_set_is_done_and_answered_by_content_ids() {
    let mut service = Service::start();
    let (path, version) = service.account();
    let delete = operation(&format!("DELETE {}", service.account().0), &[], None);
    let requests = [update(&path, &version, "B"), create("contacts", &json!({ "lastname": "Ada" })), delete];
    let mut steps = parts(&service.send(&batch(&[change_set(&requests)])).expect(200));
    let answers = steps.remove(0).change_set();
    assert_eq!(answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [204, 204, 204]);
    let ids: Vec<_> = answers.iter().map(|answer| answer.content_id()).collect();
    assert_eq!(ids, [Some("1"), Some("2"), Some("3")]);
    assert!(answers.iter().all(|answer| answer.header("odata-version") == Some("4.0")));
    let contact = path_in(answers[1].header("odata-entityid").expect("where it is"));
    assert_eq!(service.column(&contact, "lastname"), "Ada");
    assert_eq!((service.column(&path, "name"), count(&mut service, "accounts")), (json!("B"), Some(1)));
}

#[test]
fn the_versions_that_a_change_set_gives_are_those_that_are_stored() {
    let mut service = Service::start();
    let (path, _) = service.account();
    let prefer = "Prefer: return=representation";
    let first = operation(&format!("PATCH {path}"), &[], Some(&json!({ "name": "B" })));
    let second = operation(&format!("PATCH {path}"), &[prefer], Some(&json!({ "revenue": 1 })));
    let mut steps = parts(&service.send(&batch(&[change_set(&[first, second])])).expect(200));
    let answers = steps.remove(0).change_set();
    let row = service.send(&Request::get(&path)).json();
    assert_eq!(answers[1].json()["@odata.etag"], row["@odata.etag"]);
    assert_eq!((&row["name"], &row["revenue"]), (&json!("B"), &json!(1.0)));
}

#[test]
fn a_stale_version_undoes_the_whole_change_set() {
    let mut service = Service::start();
    let ((one, version), (other, old)) = (service.account(), service.account());
    service.send(&rename(&other)).expect(204);
    let requests = [update(&one, &version, "B"), create("accounts", &json!({})), update(&other, &old, "C")];
    let mut steps = parts(&service.send(&batch(&[change_set(&requests)])).expect(412));
    assert_eq!(steps.len(), 1);
    let failed = steps.remove(0).alone();
    assert_eq!(failed.json(), json!({ "error": { "code": "0x80060882", "message": STALE } }));
    assert_eq!((service.version(&one), count(&mut service, "accounts")), (version, Some(2)));
    assert_eq!(service.column(&other, "name"), "Fabrikam");
}

#[test]
fn a_failed_change_set_ends_the_batch_unless_it_is_to_go_on() {
    let mut service = Service::start();
    let (path, _) = service.account();
    let failing = change_set(&[create("contacts", &json!({})), update(&path, "W/\"1\"", "B")]);
    let read = alone(&operation(&format!("GET {path}"), &[], None));
    let request = batch(&[read.clone(), failing, read]);
    assert_eq!(parts(&service.send(&request).expect(412)).len(), 2);
    let going_on = request.header("Prefer", "odata.continue-on-error");
    let steps = parts(&service.send(&going_on).expect(200));
    let statuses: Vec<_> = steps.into_iter().map(|step| step.alone().status).collect();
    assert_eq!((statuses, count(&mut service, "contacts")), (vec![200, 412, 200], Some(0)));
}

#[test]
fn later_requests_refer_to_what_earlier_ones_create() {
    let mut service = Service::start();
    let account = create("accounts", &json!({ "name": "Contoso" }));
    let contact = create("contacts", &json!({ "parentcustomerid_account@odata.bind": "$1" }));
    let update = operation("PATCH $1", &["If-Match: *"], Some(&json!({ "primarycontactid@odata.bind": "$2" })));
    let property = operation("PUT $1/telephone1", &[], Some(&json!({ "value": "425" })));
    let mut steps = parts(&service.send(&batch(&[change_set(&[account, contact, update, property])])).expect(200));
    let answers = steps.remove(0).change_set();
    let path_of = |at: usize| path_in(answers[at].header("odata-entityid").expect("where it is"));
    let (account, contact) = (path_of(0), path_of(1));
    assert!(contact.contains(service.column(&account, "_primarycontactid_value").as_str().expect("an id")));
    assert!(account.contains(service.column(&contact, "_parentcustomerid_value").as_str().expect("an id")));
    assert_eq!(service.column(&account, "telephone1"), "425");
}

#[test]
fn a_reference_to_nothing_earlier_is_400() {
    let mut service = Service::start();
    let forward = operation("PATCH $2", &[], Some(&json!({ "name": "B" })));
    let body = create("contacts", &json!({ "parentcustomerid_account@odata.bind": "$2" }));
    for request in [forward, body] {
        let requests = [create("accounts", &json!({})), request.clone()];
        let mut steps =
            parts(&service.send(&batch(&[change_set(&[requests[1].clone(), requests[0].clone()])])).expect(400));
        let error = steps.remove(0).alone().json();
        assert_eq!(error["error"]["message"], "Content-ID Reference: '$2' does not exist in the batch context.");
    }
    let alone = alone(&operation("GET $1", &[], None));
    let mut steps = parts(&service.send(&batch(&[alone])).expect(400));
    let error = steps.remove(0).alone().json();
    assert_eq!(error["error"]["message"], "Content-ID Reference: '$1' does not exist in the batch context.");
    assert_eq!((count(&mut service, "accounts"), count(&mut service, "contacts")), (Some(0), Some(0)));
}

#[test]
fn a_change_set_has_no_reads() {
    let mut service = Service::start();
    let (path, version) = service.account();
    let read = operation(&format!("GET {path}"), &[], None);
    let mut steps = parts(&service.send(&batch(&[change_set(&[update(&path, &version, "B"), read])])).expect(400));
    assert_eq!(steps.remove(0).alone().status, 400);
    assert_eq!(service.version(&path), version);
}

#[test]
fn an_id_that_is_taken_undoes_a_change_set() {
    let mut service = Service::start();
    let taken = json!({ "accountid": crate::service::ID });
    let request = batch(&[change_set(&[create("accounts", &taken), create("accounts", &taken)])]);
    let mut steps = parts(&service.send(&request).expect(412));
    assert_eq!(steps.remove(0).alone().json()["error"]["code"], "0x80040237");
    assert_eq!(count(&mut service, "accounts"), Some(0));
}
