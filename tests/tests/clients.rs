//! The client libraries are there, in the versions that the stories were written for.

mod support;

use serde_json::json;
use support::{node, python};

#[test]
#[ignore = "needs the client libraries: run by cargo xtask test"]
fn the_python_clients_have_their_versions() {
    let versions = json!({ "O365": "2.1.10", "azure-img-utils": "1.2.0", "google-api-python-client": "2.202.0" });
    assert_eq!(python("smoke.py", &[]).json(), versions);
}

#[test]
#[ignore = "needs the client libraries: run by cargo xtask test"]
fn the_node_client_has_its_version() {
    assert_eq!(node("smoke.mjs", &[]).json(), json!({ "dynamics-web-api": "2.5.0" }));
}

#[test]
#[ignore = "needs the client libraries: run by cargo xtask test"]
#[should_panic(expected = "No such file")]
fn a_script_that_fails_tells_why() {
    python("absent.py", &[]);
}
