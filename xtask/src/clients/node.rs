//! The Node packages.

use std::{fs, path::Path, process::Command};

use crate::{
    clients::{answer_of, folder::Folder, read, run},
    debian::Need,
    workspace::Workspace,
};

const NODE: Need = Need { packages: "nodejs npm", preparation: "" };

const MISSING: &str = "Node.js 18 or newer with npm is missing; run `sudo apt-get install nodejs npm` (Debian, Ubuntu), \
    `sudo dnf install nodejs npm` (Fedora) or `brew install node` (macOS)";

const OLDEST: u32 = 18;

/// What `npm ci` reads.
const MANIFEST: &str = "package.json";
const LOCK: &str = "package-lock.json";

/// Installs the packages where they are missing.
pub(crate) fn ensure(workspace: &Workspace) -> Result<(), String> {
    NODE.find_or_install(programs)?;
    let sources = workspace.root.join("tests/clients/node");
    let origin = read(&sources.join(MANIFEST))? + &read(&sources.join(LOCK))?;
    Folder::new(workspace, "node", origin).ensure(|folder| install(&sources, folder))
}

fn programs() -> Result<(), String> {
    let major = answer_of(Command::new("node").args(["-p", "process.versions.node.split('.')[0]"]));
    let is_new_enough = major.is_some_and(|major| major.parse().is_ok_and(|major: u32| major >= OLDEST));
    let has_npm = || answer_of(Command::new("npm").arg("--version")).is_some();
    if is_new_enough && has_npm() { Ok(()) } else { Err(MISSING.to_owned()) }
}

/// Only what the lock has the hash of, and nothing that runs code to be installed.
fn install(sources: &Path, folder: &Path) -> Result<(), String> {
    for file in [MANIFEST, LOCK] {
        fs::copy(sources.join(file), folder.join(file)).map_err(|error| format!("{file} can't be copied: {error}"))?;
    }
    run(Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder))
}
