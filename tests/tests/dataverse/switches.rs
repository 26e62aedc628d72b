//! The flags of what the service's documents leave open: requests, conditions and row versions. What the defaults do is said
//! by the tests of each topic.

use serde_json::json;

use crate::{
    service::{ID, STALE, Service, absent, assert_error, post, rename, row},
    support::Request,
};

#[test]
fn row_versions_can_be_as_short_as_the_services_own() {
    let mut service = Service::with(&["--row-versions", "bare"]);
    let (path, version) = service.account();
    assert_eq!(version, "W/\"1\"");
    service.send(&rename(&path).if_match(version)).expect(204);
    assert_eq!(service.version(&path), "W/\"2\"");
}

#[test]
fn row_versions_can_be_without_an_order() {
    let mut service = Service::with(&["--row-versions", "shuffled"]);
    let (path, version) = service.account();
    let mut versions = vec![version];
    for _ in 0..10 {
        service.send(&rename(&path).if_match(&versions[versions.len() - 1])).expect(204);
        versions.push(service.version(&path));
    }
    assert!(!versions.is_sorted(), "{versions:?}");
    service.send(&rename(&path).if_match(&versions[0])).expect(412);
    service.send(&Request::get(&path).if_none_match(&versions[10])).expect(304);
}

#[test]
fn versions_can_be_compared_as_the_texts_that_they_are() {
    let mut service = Service::with(&["--compare", "as-texts"]);
    let (path, version) = service.account();
    let strong = version.strip_prefix("W/").expect("row versions are weak");
    for request in [rename(&path), Request::delete(&path)] {
        assert_error(service.send(&request.if_match(strong)), 412, "0x80060882", STALE);
    }
    service.send(&rename(&path).if_match(&version)).expect(204);
}

#[test]
fn a_version_of_a_missing_row_can_be_412() {
    let mut service = Service::with(&["--tag-of-absent", "412"]);
    service.send(&rename(&row("accounts")).if_match("W/\"7\"")).expect(412);
}

#[test]
fn both_conditions_can_be_evaluated() {
    let mut service = Service::with(&["--both-conditions", "in-order"]);
    let (path, version) = service.account();
    service.send(&rename(&path).if_match(&version).if_none_match("W/\"1\"")).expect(204);
    service.send(&rename(&path).if_match(&version).if_none_match("W/\"1\"")).expect(412);
}

#[test]
fn the_sentinel_can_be_no_condition_in_if_match_too() {
    let mut service = Service::with(&["--sentinel", "both"]);
    let (path, _) = service.account();
    service.send(&rename(&path).if_match("null")).expect(204);
    service.send(&rename(&row("accounts")).if_match("null").if_none_match("null")).expect(204);
    service.send(&rename(&path).if_match("nullify")).expect(400);
    service.send(&Request::delete(&path).if_match("null")).expect(204);
}

#[test]
fn a_delete_of_any_version_can_be_refused() {
    let mut service = Service::with(&["--delete-star", "refused"]);
    let (path, version) = service.account();
    service.send(&Request::delete(&path).if_match("*")).expect(400);
    service.send(&Request::delete(row("accounts")).if_match("*")).expect(400);
    service.send(&Request::delete(format!("{path}/name")).if_match("*")).expect(204);
    service.send(&rename(&path).if_match("*")).expect(204);
    service.send(&Request::delete(&path).if_match(version)).expect(412);
    service.send(&Request::delete(&path)).expect(204);
}

#[test]
fn conditions_of_properties_can_mean_nothing() {
    let mut service = Service::with(&["--property-conditions", "ignored"]);
    let (path, version) = service.account();
    service.send(&rename(&path)).expect(204);
    let put = Request::put(format!("{path}/name"), &json!({ "value": "Northwind" }));
    service.send(&put.clone().if_match(&version)).expect(204);
    assert_eq!(service.column(&path, "name"), "Northwind");
    service.send(&put.if_match("628448").if_none_match("*")).expect(204);
    service.send(&Request::delete(format!("{path}/name")).if_match(&version)).expect(204);
    assert_eq!(service.column(&path, "name"), json!(null));

    let note = service.create("annotations", &json!({ "subject": "call" }));
    service.send(&Request::delete(format!("{note}/subject")).if_match(&version)).expect(204);
    let missing = Request::delete(format!("{}/name", row("accounts"))).if_match(&version);
    assert_error(service.send(&missing), 404, "0x80040217", &absent("account"));
    service.send(&rename(&path).if_match(version)).expect(412);
}

#[test]
fn any_table_can_be_without_optimistic_concurrency() {
    let mut service = Service::with(&["--without-concurrency", "account,contact"]);
    let (path, version) = service.account();
    service.send(&rename(&path).if_match(&version)).expect(400);
    service.send(&Request::get(&path).if_none_match(version)).expect(200);
    let note = service.create("annotations", &json!({}));
    let version = service.version(&note);
    service.send(&Request::get(&note).if_none_match(version)).expect(304);
}

#[test]
fn guids_can_be_demanded_in_lower_case() {
    let mut service = Service::with(&["--guids", "lower-case"]);
    let (lower, upper) = (row("accounts"), row("accounts").replace(ID, &ID.to_uppercase()));
    service.send(&rename(&upper)).expect(400);
    service.send(&Request::get(&upper)).expect(400);
    service.send(&post("accounts", &json!({ "accountid": ID.to_uppercase() }))).expect(400);
    service.send(&rename(&lower)).expect(204);
    let bound = |id: &str| json!({ "parentcustomerid_account@odata.bind": format!("/accounts({id})") });
    service.send(&post("contacts", &bound(&ID.to_uppercase()))).expect(400);
    service.send(&post("contacts", &bound(ID))).expect(204);
}
