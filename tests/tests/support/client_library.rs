//! The client libraries that people use with the real services, run on ours.
//!
//! A story is a script in `tests/clients`, which is told where the server is and writes what it saw as JSON on its last
//! line. `cargo xtask test` installs the libraries.

use std::{
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::support::{Example, bound::output_within};

/// How long a script may take before it is killed.
const PATIENCE: Duration = Duration::from_secs(120);

impl Example {
    /// Runs `tests/clients/python/<script>` with this server's URL as its first argument.
    ///
    /// # Panics
    /// As [`python`].
    #[track_caller]
    pub(crate) fn python(&self, script: &str, args: &[&str]) -> Said {
        python(script, &[&[&*self.url()], args].concat())
    }

    /// Runs `tests/clients/node/<script>` with this server's URL as its first argument.
    ///
    /// # Panics
    /// As [`python`].
    #[track_caller]
    pub(crate) fn node(&self, script: &str, args: &[&str]) -> Said {
        node(script, &[&[&*self.url()], args].concat())
    }
}

/// Runs `tests/clients/python/<script>` with the Python packages.
///
/// # Panics
/// With all that it wrote, if its exit code is not 0 or it takes longer than [`PATIENCE`].
#[track_caller]
pub(crate) fn python(script: &str, args: &[&str]) -> Said {
    let home = home();
    let mut command = Command::new(installed("python/bin/python"));
    command.arg(scripts("python").join(script)).args(args);
    said_by(command, home.path())
}

/// Runs `tests/clients/node/<script>` with the Node packages.
///
/// # Panics
/// As [`python`].
#[track_caller]
pub(crate) fn node(script: &str, args: &[&str]) -> Said {
    let home = home();
    // A module finds packages beside its own path only; with links it has them there, and nothing is in the source tree.
    symlink(installed("node/node_modules"), home.path().join("node_modules")).expect("the directory is ours");
    symlink(scripts("node"), home.path().join("scripts")).expect("the directory is ours");
    let mut command = Command::new("node");
    command.args(["--preserve-symlinks", "--preserve-symlinks-main"]);
    command.arg(home.path().join("scripts").join(script)).args(args);
    said_by(command, home.path())
}

/// What a script wrote.
#[derive(Debug)]
pub(crate) struct Said(String);

impl Said {
    /// The last line, read as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        let line = self.0.lines().last().unwrap_or_default();
        match serde_json::from_str(line) {
            Ok(value) => value,
            Err(error) => panic!("the last line is no JSON: {error}\n{}", self.0),
        }
    }

    /// All of it.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

/// Nothing of the user's reaches the script: no settings, no proxy, no credentials.
#[track_caller]
fn said_by(mut command: Command, home: &Path) -> Said {
    command.env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
    command.env("HOME", home).env("TMPDIR", home).env("LANG", "C.UTF-8").current_dir(home).stdin(Stdio::null());
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONNOUSERSITE", "1").env("NO_PROXY", "*");
    let line = format!("{command:?}");
    let began = Instant::now();
    let output = output_within(PATIENCE, command);
    let (said, complaint) = (lossy(&output.stdout), lossy(&output.stderr));
    assert!(output.status.success(), "{line} {}\n{said}\n{complaint}", end(output.status, began));
    Said(said)
}

fn end(status: ExitStatus, began: Instant) -> String {
    if began.elapsed() >= PATIENCE {
        return format!("was killed after {PATIENCE:?}");
    }
    format!("ended with {status}")
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn home() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary directory")
}

fn scripts(language: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("clients").join(language)
}

/// A path under the folder that `cargo xtask test` installs into, beside cargo's own folder for what tests write.
#[track_caller]
fn installed(path: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("clients").join(path);
    assert!(path.exists(), "{} is missing: run `cargo xtask test --only clients`", path.display());
    path
}
