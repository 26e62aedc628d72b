//! The programs of the examples: each built once, started as often as a test wants.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Mutex,
};

use serde_json::Value;

/// The example with no flags yet, in this working directory.
pub(crate) fn program(example: &'static str, directory: &Path) -> Command {
    let mut command = Command::new(binary(example));
    command.current_dir(directory).env_remove("RUST_LOG").stdin(Stdio::null());
    command
}

fn binary(example: &'static str) -> PathBuf {
    static BUILT: Mutex<BTreeMap<&str, PathBuf>> = Mutex::new(BTreeMap::new());
    let mut built = BUILT.lock().expect("an example did not compile");
    built.entry(example).or_insert_with(|| build(example)).clone()
}

/// Selects what `cargo xtask test` selects, one of these tests included, so that all they need is compiled already: cargo
/// compiles a dependency again for another selection, since that may ask for other features of it.
const SELECTION: [&str; 4] = ["--workspace", "--all-features", "--test", "board_start"];

fn build(example: &str) -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    let mut command = Command::new(cargo);
    command.arg("build").args(SELECTION).args(["--bin", example, "--profile", profile, "--message-format", "json"]);
    let output = command.stderr(Stdio::inherit()).output().expect("cargo runs");
    assert!(output.status.success(), "`{example}` does not compile");
    let mut messages = output.stdout.split(|&byte| byte == b'\n');
    let executable = messages.find_map(|line| executable_of(example, &serde_json::from_slice(line).ok()?));
    executable.expect("cargo names what it built")
}

fn executable_of(example: &str, message: &Value) -> Option<PathBuf> {
    let is_it = message["target"]["name"] == example;
    message["executable"].as_str().filter(|_| is_it).map(PathBuf::from)
}
