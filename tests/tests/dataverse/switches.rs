//! The flags of what the service's documents leave open.

use serde_json::json;

use crate::{
    service::{Service, rename, row},
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
fn any_table_can_be_without_optimistic_concurrency() {
    let mut service = Service::with(&["--without-concurrency", "account,contact"]);
    let (path, version) = service.account();
    service.send(&rename(&path).if_match(&version)).expect(400);
    service.send(&Request::get(&path).if_none_match(version)).expect(200);
    let note = service.create("annotations", &json!({}));
    let version = service.version(&note);
    service.send(&Request::get(&note).if_none_match(version)).expect(304);
}
