//! POST to an entity set.

use serde_json::json;

use crate::{
    service::{DUPLICATE, ID, Service, URL, assert_error, post, row},
    support::Request,
};

#[test]
fn a_created_row_is_204_and_says_where_it_is() {
    let mut service = Service::start();
    let created = service.send(&post("accounts", &json!({ "name": "Contoso" }))).expect(204);
    let url = created.header("odata-entityid").expect("where it is");
    assert!(url.starts_with(&format!("{URL}/accounts(")) && url.ends_with(')'), "{url}");
    assert_eq!(created.header("location"), Some(url));
    assert_eq!(service.column(&crate::service::path_in(url), "name"), "Contoso");
}

#[test]
fn all_three_versions_of_the_service_answer() {
    let mut service = Service::start();
    for version in ["v9.0", "v9.1", "v9.2"] {
        let request = Request::post(format!("/api/data/{version}/accounts"), &json!({}));
        let created = service.send(&request).expect(204);
        let url = created.header("odata-entityid").expect("where it is");
        assert!(url.contains(&format!("/api/data/{version}/accounts(")), "{url}");
    }
    service.send(&Request::get("/api/data/v8.2/accounts")).expect(404);
}

#[test]
fn a_representation_is_201_without_the_address() {
    let mut service = Service::start();
    let request = post("accounts", &json!({ "accountid": ID.to_uppercase(), "name": "Contoso" }));
    let created = service.send(&request.header("Prefer", "return=representation")).expect(201);
    assert_eq!(created.header("preference-applied"), Some("return=representation"));
    assert_eq!((created.header("odata-entityid"), created.header("location")), (None, None));
    assert_eq!(created.header("content-type"), Some("application/json; odata.metadata=minimal"));
    let body = created.json();
    assert_eq!(body["@odata.etag"], service.version(&row("accounts")));
    assert_eq!((&body["accountid"], &body["name"]), (&json!(ID), &json!("Contoso")));
}

#[test]
fn an_id_that_is_taken_is_412() {
    let mut service = Service::start();
    let request = post("accounts", &json!({ "accountid": ID }));
    service.send(&request).expect(204);
    assert_error(service.send(&request), 412, "0x80040237", DUPLICATE);
    assert_error(service.send(&request.if_none_match("null")), 412, "0x80040237", DUPLICATE);
}

#[test]
fn a_lookup_is_bound_by_the_address_of_a_row() {
    let mut service = Service::start();
    service.send(&post("accounts", &json!({ "accountid": ID }))).expect(204);
    for reference in [format!("/accounts({ID})"), format!("accounts({ID})"), format!("{URL}/accounts({ID})")] {
        let path = service.create("contacts", &json!({ "parentcustomerid_account@odata.bind": reference }));
        assert_eq!(service.column(&path, "_parentcustomerid_value"), ID);
    }
}

#[test]
fn a_lookup_to_another_table_or_to_nothing_is_refused() {
    let mut service = Service::start();
    for reference in [json!(format!("/contacts({ID})")), json!(format!("/accounts({ID})")), json!("/accounts")] {
        service
            .send(&post("contacts", &json!({ "parentcustomerid_account@odata.bind": reference })))
            .expect_client_error();
    }
}

#[test]
fn annotations_in_a_body_are_not_looked_at() {
    let mut service = Service::start();
    let path = service.create("accounts", &json!({ "@odata.etag": "W/\"7\"", "name@x": 1, "name": "Contoso" }));
    assert_eq!(service.column(&path, "name"), "Contoso");
}
