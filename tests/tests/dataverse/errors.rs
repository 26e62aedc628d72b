//! What errors say.

use serde_json::json;

use crate::{
    service::{ROOT, Service, patch, post, rename, row},
    support::Request,
};

#[test]
fn errors_are_annotated_only_where_that_is_preferred() {
    let mut service = Service::start();
    let (path, _) = service.account();
    let stale = rename(&path).if_match("W/\"1\"");
    let plain = service.send(&stale.clone().header("Prefer", "return=representation")).expect(412).json();
    assert_eq!(plain["error"].as_object().map(serde_json::Map::len), Some(2));
    let prefer = "odata.include-annotations=\"*\"";
    let annotated = service.send(&stale.header("Prefer", prefer)).expect(412).json();
    let help = annotated["error"]["@Microsoft.PowerApps.CDS.HelpLink"].as_str().expect("a link");
    assert!(help.contains("0x80060882"), "{help}");
    assert_eq!(annotated["error"]["code"], "0x80060882");
}

#[test]
fn a_version_on_a_table_without_optimistic_concurrency_is_400() {
    let mut service = Service::start();
    let path = service.create("annotations", &json!({ "subject": "call" }));
    let version = service.version(&path);
    let write = || patch(&path, &json!({ "subject": "mail" }));
    for request in [
        write().if_match(&version),
        Request::delete(&path).if_match(&version),
        Request::put(format!("{path}/subject"), &json!({ "value": "mail" })).if_match(&version),
        Request::delete(format!("{path}/subject")).if_match(&version),
    ] {
        let refused = service.send(&request).expect(400).json();
        assert_eq!(refused["error"]["code"], "0x80060883");
        assert!(refused["error"]["message"].as_str().is_some_and(|message| message.contains("annotation")));
    }
    for request in [write(), write().if_match("*"), write().if_none_match("null")] {
        service.send(&request).expect(204);
    }
    service.send(&write().if_none_match("*")).expect(412);
}

#[test]
fn unknown_paths_and_methods_are_told_in_the_envelope() {
    let mut service = Service::start();
    let (path, _) = service.account();
    for (request, status) in [
        (Request::get("/"), 404),
        (Request::get(format!("{ROOT}/leads")), 404),
        (Request::get(format!("{path}/name/more")), 404),
        (Request::get(format!("{ROOT}/accounts(7)")), 400),
        (Request::get(format!("{ROOT}/accounts(accountnumber='x')")), 400),
        (Request::get(format!("{ROOT}/accounts(%FF)")), 400),
        (Request::new("PUT", path.as_str()).json(&json!({})), 405),
        (Request::delete(format!("{ROOT}/accounts")), 405),
        (Request::get(format!("{ROOT}/$batch")), 405),
        (Request::post(format!("{ROOT}/EntityDefinitions(LogicalName='account')"), &json!({})), 405),
    ] {
        let refused = service.send(&request).expect(status);
        assert_eq!(refused.header("content-type"), Some("application/json; odata.metadata=minimal"), "{refused:?}");
        assert!(refused.json()["error"]["message"].is_string(), "{refused:?}");
        // RFC 9110 §15.5.6
        assert_eq!(refused.header("allow").is_some(), status == 405, "{refused:?}");
    }
}

#[test]
fn bodies_of_a_wrong_shape_are_refused() {
    let mut service = Service::start();
    for body in ["", "{", "[]", "7", "null", "\"x\"", "{\"name\":7}", "{\"colour\":1}", "{\"accountid\":\"x\"}"] {
        let request = Request::new("POST", format!("{ROOT}/accounts")).body("application/json", body);
        let refused = service.send(&request).expect(400);
        assert!(refused.json()["error"]["message"].is_string(), "{refused:?}");
    }
    service.send(&post("accounts", &json!({ "name": "x".repeat(1_100_000) }))).expect(413);
    let bind = json!({ "primarycontactid@odata.bind": 7, "contact_customer_accounts@odata.bind": [] });
    service.send(&post("accounts", &bind)).expect(400);
    service.send(&post("accounts", &json!({ "_primarycontactid_value": null }))).expect(400);
    service.send(&Request::new("POST", format!("{ROOT}/accounts")).body("text/plain", "{}")).expect(415);
    service.send(&patch(&row("accounts"), &json!({ "accountid": "00000000-0000-0000-0000-00000000000b" }))).expect(400);
}

#[test]
fn media_types_with_parameters_and_bodies_without_are_read() {
    let mut service = Service::start();
    for media_type in ["application/json", "application/json; charset=utf-8", "application/json;odata.metadata=minimal"]
    {
        let request = Request::new("POST", format!("{ROOT}/accounts")).body(media_type, "{}");
        service.send(&request.header("Authorization", "Bearer local").header("OData-MaxVersion", "4.0")).expect(204);
    }
}

#[test]
fn a_token_is_demanded_only_where_the_flag_says_so() {
    let mut service = Service::with(&["--require-token"]);
    let path = format!("{ROOT}/accounts");
    let refused = service.send(&Request::get(&path)).expect(401);
    assert!(refused.json()["error"]["message"].is_string());
    service.send(&Request::get(&path).header("authorization", "Bearer any")).expect(200);
    service
        .send(&Request::new("POST", format!("{ROOT}/$batch")).body("multipart/mixed; boundary=b", "--b--"))
        .expect(401);
}
