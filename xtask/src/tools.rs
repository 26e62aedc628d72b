//! What has to be installed before anything can run, each with the line that installs it.

use std::process::{Command, Stdio};

use crate::workspace::{Workspace, cargo};

const C_COMPILER: &str = "there is no C compiler, and SQLite is compiled from source; \
    run `sudo apt-get install build-essential` (Debian, Ubuntu), `sudo dnf install gcc` (Fedora) or \
    `xcode-select --install` (macOS), or set CC";
const RUSTFMT: &str = "rustfmt is missing; run `rustup component add rustfmt`";
const CLIPPY: &str = "clippy is missing; run `rustup component add clippy`";
const GIT: &str = "git is missing; run `sudo apt-get install git` (Debian, Ubuntu)";

/// What is missing.
#[expect(clippy::unnecessary_wraps, reason = "the signature that all checks share")]
pub(crate) fn missing(_: &Workspace) -> Result<Vec<String>, String> {
    let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
    let needs = [
        (answers(Command::new(compiler).arg("--version")), C_COMPILER),
        (answers(Command::new(cargo()).args(["fmt", "--version"])), RUSTFMT),
        (answers(Command::new(cargo()).args(["clippy", "--version"])), CLIPPY),
        (answers(Command::new("git").arg("--version")), GIT),
    ];
    Ok(needs.iter().filter(|(is_there, _)| !is_there).map(|(_, advice)| (*advice).to_owned()).collect())
}

fn answers(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_does_not_exist_does_not_answer() {
        assert!(!answers(&mut Command::new("no-such-compiler")));
    }
}
