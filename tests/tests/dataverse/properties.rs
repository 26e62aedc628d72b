//! Single properties of a row.

use serde_json::json;

use crate::{
    service::{STALE, Service, URL, absent, assert_error, rename, row},
    support::Request,
};

fn put_name(path: &str) -> Request {
    Request::put(format!("{path}/name"), &json!({ "value": "Northwind" }))
}

#[test]
fn a_property_is_set() {
    let mut service = Service::start();
    let (path, version) = service.account();
    assert!(service.send(&put_name(&path).if_none_match("null")).expect(204).body.is_empty());
    assert_eq!(service.column(&path, "name"), "Northwind");
    assert_ne!(service.version(&path), version);
}

#[test]
fn a_property_is_emptied() {
    let mut service = Service::start();
    let (path, _) = service.account();
    service.send(&Request::delete(format!("{path}/name"))).expect(204);
    assert_eq!(service.column(&path, "name"), json!(null));
}

#[test]
fn a_property_is_read() {
    let mut service = Service::start();
    let (path, _) = service.account();
    let read = service.send(&Request::get(format!("{path}/name"))).expect(200).json();
    assert_eq!(read["value"], "Contoso");
    assert!(read["@odata.context"].as_str().expect("what it is").starts_with(&format!("{URL}/$metadata#accounts(")));
    service.send(&Request::get(format!("{path}/telephone1"))).expect(204);
}

#[test]
fn writes_of_a_property_honour_if_match() {
    let mut service = Service::start();
    let (path, version) = service.account();
    service.send(&rename(&path)).expect(204);
    let delete = || Request::delete(format!("{path}/name"));
    for request in [put_name(&path), delete()] {
        assert_error(service.send(&request.if_match(&version)), 412, "0x80060882", STALE);
    }
    assert_eq!(service.column(&path, "name"), "Fabrikam");
    for request in [put_name(&path), delete()] {
        let current = service.version(&path);
        service.send(&request.if_match(current)).expect(204);
    }
    service.send(&put_name(&path).if_match("*")).expect(204);
}

#[test]
fn a_property_of_a_missing_row_is_404() {
    let mut service = Service::start();
    let path = row("accounts");
    for request in [put_name(&path), Request::delete(format!("{path}/name")), put_name(&path).if_match("*")] {
        assert_error(service.send(&request), 404, "0x80040217", &absent("account"));
    }
    service.send(&Request::get(&path)).expect(404);
}

#[test]
fn what_is_no_property_is_refused() {
    let mut service = Service::start();
    let (path, _) = service.account();
    service.send(&Request::get(format!("{path}/colour"))).expect(404);
    service.send(&Request::put(format!("{path}/colour"), &json!({ "value": 1 }))).expect(404);
    service.send(&Request::put(format!("{path}/name"), &json!({ "name": 1 }))).expect(400);
    service.send(&Request::put(format!("{path}/name"), &json!({ "value": 1 }))).expect(400);
    service.send(&Request::put(format!("{path}/_primarycontactid_value"), &json!({ "value": null }))).expect(400);
    service.send(&Request::put(format!("{path}/name/$value"), &json!({ "value": "x" }))).expect(404);
}
