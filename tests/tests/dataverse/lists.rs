//! GET of an entity set.

use serde_json::{Value, json};

use crate::{
    service::{ROOT, Service, URL, path_in},
    support::Request,
};

fn names(page: &Value) -> Vec<&str> {
    let rows = page["value"].as_array().expect("a list");
    rows.iter().map(|row| row["name"].as_str().expect("a name")).collect()
}

fn with_accounts(names: &[&str]) -> Service {
    let mut service = Service::start();
    for name in names {
        service.create("accounts", &json!({ "name": name }));
    }
    service
}

#[test]
fn each_row_of_a_list_has_its_version() {
    let mut service = with_accounts(&["a", "b"]);
    let list = service.send(&Request::get(format!("{ROOT}/accounts?$select=name"))).expect(200).json();
    assert_eq!(list["@odata.context"], format!("{URL}/$metadata#accounts(name)"));
    assert_eq!(names(&list), ["a", "b"]);
    for row in list["value"].as_array().expect("a list") {
        let path = format!("{ROOT}/accounts({})", row["accountid"].as_str().expect("an id"));
        assert_eq!(row["@odata.etag"], service.version(&path));
    }
}

#[test]
fn pages_are_as_large_as_preferred_and_lead_to_the_next() {
    let mut service = with_accounts(&["a", "b", "c", "d", "e"]);
    let mut path = format!("{ROOT}/accounts?$select=name");
    let mut pages = Vec::new();
    loop {
        let answer = service.send(&Request::get(&path).header("Prefer", "odata.maxpagesize=2")).expect(200);
        assert_eq!(answer.header("preference-applied"), Some("odata.maxpagesize=2"));
        let page = answer.json();
        pages.push(names(&page).join(""));
        match page["@odata.nextLink"].as_str() {
            Some(next) => path = path_in(next),
            None => break,
        }
    }
    assert_eq!(pages, ["ab", "cd", "e"]);
}

#[test]
fn the_first_rows_can_be_asked_for() {
    let mut service = with_accounts(&["a", "b", "c"]);
    let list = service.send(&Request::get(format!("{ROOT}/accounts?$top=2"))).expect(200).json();
    assert_eq!((names(&list), &list["@odata.nextLink"]), (vec!["a", "b"], &json!(null)));
}

#[test]
fn an_option_that_is_not_served_is_refused() {
    let mut service = with_accounts(&[]);
    service.send(&Request::get(format!("{ROOT}/accounts?$filter=name%20eq%20'a'"))).expect(501);
    service.send(&Request::get(format!("{ROOT}/accounts?$select=colour"))).expect(400);
    service.send(&Request::get(format!("{ROOT}/accounts?alt=json"))).expect(200);
}
