//! The client libraries that people use with the real services, for the end-to-end tests: at the versions that
//! `tests/clients` pins, in a folder of their own beside what cargo builds.

mod folder;
mod node;
mod python;

use std::{
    path::Path,
    process::{Command, Stdio},
};

use crate::workspace::Workspace;

/// What is missing after an attempt to install it.
#[expect(clippy::unnecessary_wraps, reason = "the signature that all checks share")]
pub(crate) fn missing(workspace: &Workspace) -> Result<Vec<String>, String> {
    let installed = [python::ensure(workspace), node::ensure(workspace)];
    Ok(installed.into_iter().filter_map(Result::err).collect())
}

/// Installs the client libraries where they are missing.
pub(crate) fn ensure(workspace: &Workspace) -> Result<(), String> {
    python::ensure(workspace)?;
    node::ensure(workspace)
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{} can't be read: {error}", path.display()))
}

/// Runs a command; its output goes where ours goes.
fn run(command: &mut Command) -> Result<(), String> {
    println!("$ {command:?}");
    match command.stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{command:?} ended with {status}")),
        Err(error) => Err(format!("{command:?} can't be started: {error}")),
    }
}

/// What a command writes, where it can be started and succeeds.
fn answer_of(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}
