//! A Dataverse with a client, and the requests that all tests send.

use serde_json::{Value, json};

use crate::support::{Client, Example, Request, Response, Store};

pub(crate) const ROOT: &str = "/api/data/v9.2";

/// What the host that the requests name makes of [`ROOT`].
pub(crate) const URL: &str = "http://board.test/api/data/v9.2";

pub(crate) const ID: &str = "00000000-0000-0000-0000-00000000000a";
pub(crate) const STALE: &str = "The version of the existing record doesn't match the RowVersion property provided.";
pub(crate) const DUPLICATE: &str = "A record with matching key values already exists.";

/// A running server and a client of it.
pub(crate) struct Service {
    _server: Example,
    client: Client,
}

impl Service {
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    pub(crate) fn with(flags: &[&str]) -> Self {
        let server = Example::start("dataverse", Store::Memory, flags);
        let client = server.client();
        Self { _server: server, client }
    }

    /// The answer, which has the version of the protocol whatever it says.
    #[track_caller]
    pub(crate) fn send(&mut self, request: &Request) -> Response {
        let response = self.client.send(request);
        assert_eq!(response.header("odata-version"), Some("4.0"), "{response:?}");
        response
    }

    /// The path of a new row with these columns.
    #[track_caller]
    pub(crate) fn create(&mut self, set: &str, columns: &Value) -> String {
        let created = self.send(&post(set, columns)).expect(204);
        path_in(created.header("odata-entityid").expect("where it is"))
    }

    /// The path and row version of a new account.
    #[track_caller]
    pub(crate) fn account(&mut self) -> (String, String) {
        let path = self.create("accounts", &json!({ "name": "Contoso" }));
        let version = self.version(&path);
        (path, version)
    }

    /// The row version that a read gives.
    #[track_caller]
    pub(crate) fn version(&mut self, path: &str) -> String {
        self.send(&Request::get(path)).expect(200).etag()
    }

    /// A column of a row.
    #[track_caller]
    pub(crate) fn column(&mut self, path: &str, name: &str) -> Value {
        self.send(&Request::get(path)).expect(200).json()[name].take()
    }
}

pub(crate) fn path_in(url: &str) -> String {
    url.strip_prefix("http://board.test").expect("an absolute URL").to_owned()
}

/// The address of the row that tests give an id of their own.
pub(crate) fn row(set: &str) -> String {
    format!("{ROOT}/{set}({ID})")
}

pub(crate) fn post(set: &str, columns: &Value) -> Request {
    Request::new("POST", format!("{ROOT}/{set}")).json(columns)
}

pub(crate) fn patch(path: &str, columns: &Value) -> Request {
    Request::new("PATCH", path).json(columns)
}

pub(crate) fn rename(path: &str) -> Request {
    patch(path, &json!({ "name": "Fabrikam" }))
}

/// Asserts that it is an error in the envelope of OData with this code and message.
#[track_caller]
pub(crate) fn assert_error(response: Response, status: u16, code: &str, message: &str) {
    let response = response.expect(status);
    assert_eq!(response.header("content-type"), Some("application/json; odata.metadata=minimal"), "{response:?}");
    assert_eq!(response.json(), json!({ "error": { "code": code, "message": message } }), "{response:?}");
}

/// The message for a row that is not there.
pub(crate) fn absent(table: &str) -> String {
    format!("{table} With Id = {ID} Does Not Exist")
}
