//! GET of a row: what it shows, and when it is 304.

use serde_json::json;

use crate::{
    service::{ID, Service, URL, absent, assert_error, patch, post, rename, row},
    support::Request,
};

#[test]
fn a_row_shows_its_version_in_the_header_and_the_body() {
    let mut service = Service::start();
    let (path, version) = service.account();
    let read = service.send(&Request::get(&path)).expect(200);
    let digits = version.strip_prefix("W/\"").and_then(|rest| rest.strip_suffix('"')).expect("a weak tag");
    assert!(!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()), "{version}");
    assert_eq!(read.header("content-type"), Some("application/json; odata.metadata=minimal"));
    assert_eq!(read.json()["@odata.etag"], version);
    assert_eq!(read.json()["@odata.context"], format!("{URL}/$metadata#accounts/$entity"));
}

#[test]
fn versions_come_from_one_counter_for_all_tables() {
    let mut service = Service::start();
    let digits = |version: &str| version.trim_matches(|character: char| !character.is_ascii_digit()).to_owned();
    let mut versions = Vec::new();
    for set in ["accounts", "contacts", "accounts"] {
        let path = service.create(set, &json!({}));
        versions.push(digits(&service.version(&path)));
    }
    assert!(versions.is_sorted_by(|one, next| one.len() == next.len() && one < next), "{versions:?}");
}

#[test]
fn a_missing_row_is_404() {
    let mut service = Service::start();
    let read = service.send(&Request::get(row("contacts")).if_none_match("W/\"7\""));
    assert_error(read, 404, "0x80040217", &absent("contact"));
}

#[test]
fn ids_are_read_in_any_case_and_written_in_lower_case() {
    let mut service = Service::start();
    service.send(&rename(&row("accounts").replace(ID, &ID.to_uppercase()))).expect(204);
    assert_eq!(service.column(&row("accounts"), "accountid"), ID);
}

#[test]
fn the_version_that_is_known_is_304() {
    let mut service = Service::start();
    let (path, version) = service.account();
    let strong = version.replace("W/", "");
    for known in [&*version, &strong, &format!("W/\"1\", {version}"), "*"] {
        let answer = service.send(&Request::get(&path).if_none_match(known)).expect(304);
        assert!(answer.body.is_empty());
        assert_eq!(answer.etag(), version);
    }
}

#[test]
fn a_changed_row_is_200() {
    let mut service = Service::start();
    let (path, version) = service.account();
    service.send(&rename(&path)).expect(204);
    let read = service.send(&Request::get(&path).if_none_match(version)).expect(200);
    assert_eq!(read.json()["name"], "Fabrikam");
}

#[test]
fn the_sentinel_is_never_304() {
    let mut service = Service::start();
    let (path, _) = service.account();
    service.send(&Request::get(&path).if_none_match("null")).expect(200);
}

#[test]
fn an_expansion_is_never_304() {
    let mut service = Service::start();
    let (path, version) = service.account();
    let expanded = Request::get(format!("{path}?$select=name&$expand=primarycontactid")).if_none_match(&version);
    service.send(&expanded).expect(200);
    service.send(&Request::get(format!("{path}?$select=name")).if_none_match(version)).expect(304);
}

#[test]
fn annotations_are_never_304() {
    let mut service = Service::start();
    let (path, version) = service.account();
    for wanted in ["odata.include-annotations=\"*\"", "wait=1, odata.include-annotations=\"none.such\""] {
        let request = Request::get(&path).header("Prefer", wanted).if_none_match(&version);
        service.send(&request).expect(200);
    }
    service.send(&Request::get(&path).header("Prefer", "wait=1").if_none_match(version)).expect(304);
}

#[test]
fn a_table_without_optimistic_concurrency_is_never_304() {
    let mut service = Service::start();
    let path = service.create("annotations", &json!({ "subject": "call" }));
    let version = service.version(&path);
    service.send(&Request::get(&path).if_none_match(version)).expect(200);
}

#[test]
fn rows_within_a_row_have_versions_of_their_own() {
    let mut service = Service::start();
    service.send(&post("accounts", &json!({ "accountid": ID, "name": "Contoso" }))).expect(204);
    let parent = json!({ "lastname": "Ada", "parentcustomerid_account@odata.bind": format!("/accounts({ID})") });
    let contact = service.create("contacts", &parent);
    let primary = json!({ "primarycontactid@odata.bind": contact.trim_start_matches("/api/data/v9.2") });
    service.send(&patch(&row("accounts"), &primary)).expect(204);
    let (account_version, contact_version) = (service.version(&row("accounts")), service.version(&contact));

    let expand = "$expand=primarycontactid($select=lastname),contact_customer_accounts($select=lastname)";
    let account = service.send(&Request::get(format!("{}?$select=name&{expand}", row("accounts")))).expect(200).json();
    let contactid = contact.rsplit_once('(').expect("a key").1.trim_end_matches(')');
    let within = json!({ "@odata.etag": contact_version, "contactid": contactid, "lastname": "Ada" });
    assert_eq!((&account["primarycontactid"], &account["contact_customer_accounts"]), (&within, &json!([within])));
    assert_eq!(account["@odata.etag"], account_version);

    let expand = "$select=lastname&$expand=parentcustomerid_account($select=name)";
    let read = service.send(&Request::get(format!("{contact}?{expand}"))).expect(200).json();
    assert_eq!(read["parentcustomerid_account"]["@odata.etag"], account_version);
}

#[test]
fn annotations_are_shown_where_they_are_preferred() {
    let mut service = Service::start();
    service.send(&post("accounts", &json!({ "accountid": ID }))).expect(204);
    let parent = json!({ "parentcustomerid_account@odata.bind": format!("/accounts({ID})") });
    let path = service.create("contacts", &parent);
    let name = "_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname";
    assert_eq!(service.column(&path, name), json!(null));
    for wanted in ["*", "Microsoft.Dynamics.CRM.*", "Microsoft.Dynamics.CRM.lookuplogicalname"] {
        let prefer = format!("odata.include-annotations=\"{wanted}\"");
        let read = service.send(&Request::get(&path).header("Prefer", &prefer)).expect(200);
        assert_eq!(read.json()[name], "account", "{read:?}");
        assert_eq!(read.header("preference-applied"), Some(&*prefer));
    }
}

#[test]
fn metadata_tell_whether_versions_can_be_compared() {
    let mut service = Service::start();
    for (table, is_enabled) in [("account", true), ("contact", true), ("annotation", false)] {
        let path = format!("EntityDefinitions(LogicalName='{table}')?$select=IsOptimisticConcurrencyEnabled");
        let body = service.send(&Request::get(format!("/api/data/v9.2/{path}"))).expect(200).json();
        assert_eq!(body["IsOptimisticConcurrencyEnabled"], is_enabled);
        assert!(body["MetadataId"].is_string() && body["@odata.context"].is_string(), "{body}");
        assert_eq!(body.as_object().map(serde_json::Map::len), Some(3));
    }
    service.send(&Request::get("/api/data/v9.2/EntityDefinitions(LogicalName='lead')")).expect(404);
}
