//! DELETE of a row.

use serde_json::json;

use crate::{
    service::{ID, STALE, Service, absent, assert_error, rename, row},
    support::Request,
};

#[test]
fn a_row_is_deleted_without_a_condition() {
    let mut service = Service::start();
    for sentinel in [false, true] {
        let (path, _) = service.account();
        let delete = Request::delete(&path);
        let delete = if sentinel { delete.if_none_match("null") } else { delete };
        assert!(service.send(&delete).expect(204).body.is_empty());
        service.send(&Request::get(&path)).expect(404);
    }
}

#[test]
fn a_missing_row_is_404_whatever_the_condition() {
    let mut service = Service::start();
    let delete = Request::delete(row("accounts"));
    for request in [delete.clone(), delete.clone().if_match("*"), delete.if_match("W/\"7\"")] {
        assert_error(service.send(&request), 404, "0x80040217", &absent("account"));
    }
}

#[test]
fn the_current_version_deletes() {
    let mut service = Service::start();
    let (path, version) = service.account();
    service.send(&Request::delete(&path).if_match(version)).expect(204);
}

#[test]
fn another_version_deletes_nothing() {
    let mut service = Service::start();
    let (path, version) = service.account();
    service.send(&rename(&path)).expect(204);
    assert_error(service.send(&Request::delete(&path).if_match(version)), 412, "0x80060882", STALE);
    service.send(&Request::get(&path)).expect(200);
}

#[test]
fn if_match_any_deletes_what_exists() {
    let mut service = Service::start();
    let (path, _) = service.account();
    service.send(&Request::delete(&path).if_match("*")).expect(204);
}

#[test]
fn a_row_that_was_made_again_has_another_version() {
    let mut service = Service::start();
    let path = row("accounts");
    service.send(&rename(&path)).expect(204);
    let version = service.version(&path);
    service.send(&Request::delete(&path)).expect(204);
    service.send(&rename(&path)).expect(204);
    service.send(&rename(&path).if_match(version)).expect(412);
}

#[test]
fn contacts_of_a_deleted_account_stay_without_it_under_a_new_version() {
    let mut service = Service::start();
    service.send(&rename(&row("accounts"))).expect(204);
    let columns = json!({ "lastname": "Ada", "parentcustomerid_account@odata.bind": format!("/accounts({ID})") });
    let contact = service.create("contacts", &columns);
    let version = service.version(&contact);
    service.send(&Request::delete(row("accounts"))).expect(204);
    assert_eq!(service.column(&contact, "_parentcustomerid_value"), json!(null));
    assert_ne!(service.version(&contact), version);
}
