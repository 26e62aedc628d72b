//! Requests that nobody who means well sends: they are refused, and nothing breaks.

use serde_json::json;

use crate::{
    multipart::{alone, batch, change_set, operation, sent},
    service::{ROOT, Service, patch, post, row},
    support::{Example, Request, Store},
};

/// Long enough to meet limits of depth and size, short enough to be sent in no time.
const MANY: usize = 20_000;

fn requests() -> Vec<Request> {
    let deep = "[".repeat(MANY);
    let body = |text: String| Request::new("POST", format!("{ROOT}/accounts")).body("application/json", text);
    let path = |path: &str| Request::get(format!("{ROOT}/{path}"));
    vec![
        body(deep.clone()),
        body(format!("{{\"name\":{deep}")),
        body("{\"revenue\":1e999}".to_owned()),
        body("{\"numberofemployees\":99999999999999999999}".to_owned()),
        body("{\"name\":\"\\ud800\"}".to_owned()),
        path(&format!("accounts({})", "0".repeat(MANY))),
        path("accounts()/name"),
        path("accounts)("),
        path("%2F"),
        path("accounts%28%29"),
        path(&format!("accounts?$expand={}", "a(".repeat(MANY / 4))),
        path(&format!("accounts?$top={}", "9".repeat(40))),
        path("accounts?$skiptoken=-1"),
        path("accounts?$select=%FF"),
        path("EntityDefinitions(LogicalName='')"),
        Request::get(row("accounts")).if_none_match("\"".repeat(MANY / 4)),
        patch(&row("accounts"), &json!({ "name": "x" })).if_match("W/\"1\",".repeat(MANY / 4)),
        post("contacts", &json!({ "parentcustomerid_account@odata.bind": ["$1"] })),
        post("contacts", &json!({ "parentcustomerid_account@odata.bind": "accounts($1)" })),
        sent("multipart/mixed; boundary=b", "--b\r\n".repeat(MANY)),
        sent("multipart/mixed; boundary=\"", String::new()),
        batch(&[alone(&operation("GET ", &[], None))]),
        batch(&[alone(&operation("\u{0} /", &[], None))]),
        batch(&[alone(&operation(&format!("GET {ROOT}/accounts"), &["A\u{1}: b"], None))]),
        batch(&[change_set(&[])]),
        batch(&[change_set(&[operation("POST $0", &[], None)])]),
    ]
}

#[test]
fn a_hostile_request_is_refused_and_breaks_nothing() {
    let mut service = Service::start();
    let (path, version) = service.account();
    for request in requests() {
        let answer = service.send(&request);
        assert!(answer.status < 500, "{request:?} {answer:?}");
    }
    assert_eq!(service.version(&path), version);
    let list = service.send(&Request::get(format!("{ROOT}/accounts"))).json();
    assert_eq!(list["value"].as_array().map(Vec::len), Some(1), "one of them wrote");
}

#[test]
fn any_text_can_be_a_column() {
    texts(Store::Memory);
    texts(Store::Sqlite);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn any_text_can_be_a_column_on_postgresql() {
    texts(Store::postgres());
}

fn texts(store: Store) {
    let server = Example::start("dataverse", store, &[]);
    let mut client = server.client();
    for text in ["", "\u{0}", "a\u{0}b", "\u{10ffff}", "\"\\\u{7f}", "{}", "--batchresponse_"] {
        client.send(&patch(&row("accounts"), &json!({ "name": text }))).expect(204);
        assert_eq!(client.send(&Request::get(row("accounts"))).expect(200).json()["name"], text);
    }
}
