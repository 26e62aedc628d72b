//! The Python packages, in an environment of their own.

use std::{path::Path, process::Command};

use crate::{
    clients::{answer_of, folder::Folder, read, run},
    debian::Need,
    workspace::Workspace,
};

const PYTHON: Need = Need { packages: "python3 python3-venv", preparation: "" };

const MISSING: &str = "Python 3.10 or newer with its module venv is missing; run \
    `sudo apt-get install python3 python3-venv` (Debian, Ubuntu), `sudo dnf install python3` (Fedora) or \
    `brew install python` (macOS)";

/// Debian keeps `ensurepip` in the package of venv. What it prints tells one interpreter from another.
const PROBE: &str = "import ensurepip, sys, venv
assert sys.version_info >= (3, 10)
print(sys.version, sys.base_prefix)";

/// Installs the packages where they are missing.
pub(crate) fn ensure(workspace: &Workspace) -> Result<(), String> {
    let interpreter = PYTHON.find_or_install(interpreter)?;
    let requirements = workspace.root.join("tests/clients/python/requirements.txt");
    let origin = format!("{interpreter}\n{}", read(&requirements)?);
    Folder::new(workspace, "python", origin).ensure(|folder| install(&requirements, folder))
}

fn interpreter() -> Result<String, String> {
    answer_of(Command::new("python3").args(["-c", PROBE])).ok_or_else(|| MISSING.to_owned())
}

/// Only what the requirements have the hash of, and nothing that would run code to be installed.
fn install(requirements: &Path, folder: &Path) -> Result<(), String> {
    run(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    let mut pip = Command::new(folder.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]);
    run(pip.args(["--require-hashes", "--only-binary", ":all:", "--requirement"]).arg(requirements))
}
