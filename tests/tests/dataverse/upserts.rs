//! PATCH of a row: the table of what each condition says of a row that exists and of one that does not.

use serde_json::json;

use crate::{
    service::{DUPLICATE, ID, STALE, Service, URL, absent, assert_error, patch, rename, row},
    support::{Request, Response},
};

#[track_caller]
fn assert_written(response: Response, path: &str) {
    let response = response.expect(204);
    assert_eq!(response.header("odata-entityid").map(crate::service::path_in).as_deref(), Some(path));
    assert!(response.body.is_empty());
}

#[test]
fn without_a_condition_an_existing_row_is_updated() {
    let mut service = Service::start();
    let (path, _) = service.account();
    for request in [rename(&path), rename(&path).if_none_match("null")] {
        assert_written(service.send(&request), &path);
    }
    assert_eq!(service.column(&path, "name"), "Fabrikam");
}

#[test]
fn without_a_condition_a_missing_row_comes_to_be() {
    for request in [rename(&row("accounts")), rename(&row("accounts")).if_none_match("null")] {
        let mut service = Service::start();
        let created = service.send(&request).expect(204);
        assert_eq!(created.header("odata-entityid"), Some(&*format!("{URL}/accounts({ID})")));
        assert_eq!(service.column(&row("accounts"), "accountid"), ID);
    }
}

#[test]
fn if_match_any_updates_and_never_creates() {
    let mut service = Service::start();
    let refused = service.send(&rename(&row("accounts")).if_match("*"));
    assert_error(refused, 404, "0x80040217", &absent("account"));
    service.send(&Request::get(row("accounts"))).expect(404);

    let (path, _) = service.account();
    assert_written(service.send(&rename(&path).if_match("*")), &path);
}

#[test]
fn if_none_match_any_creates_and_never_updates() {
    let mut service = Service::start();
    let (path, version) = service.account();
    assert_error(service.send(&rename(&path).if_none_match("*")), 412, "0x80040237", DUPLICATE);
    assert_eq!(service.version(&path), version);

    assert_written(service.send(&rename(&row("accounts")).if_none_match("*")), &row("accounts"));
}

#[test]
fn the_current_version_updates_and_gives_a_new_one() {
    let mut service = Service::start();
    let (path, version) = service.account();
    assert_written(service.send(&rename(&path).if_match(&version)), &path);
    let next = service.version(&path);
    assert_ne!(next, version);
    assert_written(service.send(&rename(&path).if_match(&next)), &path);
}

#[test]
fn another_version_is_412() {
    let mut service = Service::start();
    let (path, version) = service.account();
    service.send(&rename(&path)).expect(204);
    for stale in [&*version, "W/\"1\"", "W/\"x\""] {
        let refused = service.send(&patch(&path, &json!({ "name": "Late" })).if_match(stale));
        assert_error(refused, 412, "0x80060882", STALE);
    }
    assert_eq!(service.column(&path, "name"), "Fabrikam");
}

#[test]
fn a_version_of_a_missing_row_is_404() {
    let refused = Service::start().send(&rename(&row("accounts")).if_match("W/\"7\""));
    assert_error(refused, 404, "0x80040217", &absent("account"));
}

#[test]
fn versions_match_with_and_without_the_mark_of_weakness() {
    let mut service = Service::start();
    let (path, version) = service.account();
    let strong = version.strip_prefix("W/").expect("row versions are weak");
    service.send(&rename(&path).if_match(strong)).expect(204);
}

#[test]
fn the_sentinel_beside_if_match_is_no_condition() {
    let mut service = Service::start();
    let (path, version) = service.account();
    service.send(&rename(&path).if_match(&version).if_none_match("null")).expect(204);
    service.send(&rename(&path).if_match(&version).if_none_match("null")).expect(412);
}

#[test]
fn both_conditions_are_400() {
    let mut service = Service::start();
    let (path, version) = service.account();
    let refused = service.send(&rename(&path).if_match(version).if_none_match("*")).expect(400);
    assert_eq!(refused.json()["error"]["message"], "send If-Match or If-None-Match, not both");
}

#[test]
fn a_condition_that_can_not_be_read_is_400() {
    let mut service = Service::start();
    let (path, version) = service.account();
    for malformed in ["628448", "W/628448", "\"", "null"] {
        service.send(&rename(&path).if_match(malformed)).expect(400);
    }
    assert_eq!(service.version(&path), version);
}

#[test]
fn a_patch_with_equal_values_is_an_update() {
    let mut service = Service::start();
    let (path, version) = service.account();
    service.send(&patch(&path, &json!({ "name": "Contoso" })).if_match(&version)).expect(204);
    assert_ne!(service.version(&path), version);
}

#[test]
fn columns_that_are_not_named_stay() {
    let mut service = Service::start();
    let path = service.create("accounts", &json!({ "name": "Contoso", "revenue": 7.5, "telephone1": "1" }));
    service.send(&patch(&path, &json!({ "telephone1": null, "numberofemployees": 3 }))).expect(204);
    let row = service.send(&Request::get(&path)).json();
    assert_eq!((&row["name"], &row["revenue"]), (&json!("Contoso"), &json!(7.5)));
    assert_eq!((&row["telephone1"], &row["numberofemployees"]), (&json!(null), &json!(3)));
}

#[test]
fn the_representation_comes_back_where_it_is_preferred() {
    let mut service = Service::start();
    let path = row("accounts");
    for (status, name) in [(201, "Contoso"), (200, "Fabrikam")] {
        let request = patch(&format!("{path}?$select=name&$expand=nothing"), &json!({ "name": name, "revenue": 1 }));
        let answer = service.send(&request.header("Prefer", "return=representation")).expect(status);
        assert_eq!(answer.header("preference-applied"), Some("return=representation"));
        assert_eq!(answer.header("odata-entityid"), None);
        let version = service.version(&path);
        let context = format!("{URL}/$metadata#accounts(name)/$entity");
        let expected = json!({ "@odata.context": context, "@odata.etag": version, "accountid": ID, "name": name });
        assert_eq!(answer.json(), expected);
    }
}
