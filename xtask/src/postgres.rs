//! PostgreSQL for the tests that need it, installed where it is missing and may be.

use std::process::{Command, Stdio};

use private_postgres::Binaries;

use crate::workspace::Workspace;

/// Without the cluster that Debian's packages otherwise make and start: the tests start their own, and nobody asked for
/// a server on this machine. The setting is gone afterwards.
const INSTALL: &str = r"
set -e
folder=/etc/postgresql-common/createcluster.d
mkdir -p $folder
trap 'rm -f $folder/only-programs.conf' EXIT
echo 'create_main_cluster = false' > $folder/only-programs.conf
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install --yes --no-install-recommends postgresql
";

/// How a script is run: as who we are, or as root where that needs no password.
const SHELLS: [&[&str]; 2] = [&["sh", "-c"], &["sudo", "-n", "sh", "-c"]];

const IS_ROOT: &str = r#"[ "$(id -u)" = 0 ]"#;

/// What is missing after an attempt to install it.
#[expect(clippy::unnecessary_wraps, reason = "the signature that all checks share")]
pub(crate) fn missing(_: &Workspace) -> Result<Vec<String>, String> {
    Ok(ensure().err().into_iter().collect())
}

/// Installs PostgreSQL where it is missing.
pub(crate) fn ensure() -> Result<(), String> {
    let Err(missing) = Binaries::find() else { return Ok(()) };
    let unable = |why: String| format!("{missing}; it can't be installed from here: {why}");
    let shell = shell_of_root().map_err(unable)?;
    install(shell).map_err(unable)?;
    Binaries::find().map(drop).map_err(|error| error.to_string())
}

/// The shell that may install packages.
fn shell_of_root() -> Result<&'static [&'static str], String> {
    if !succeeds(script(SHELLS[0], "apt-get --version")) {
        return Err("there is no apt-get".to_owned());
    }
    let shell = SHELLS.into_iter().find(|shell| succeeds(script(shell, IS_ROOT)));
    shell.ok_or_else(|| "this is not root, and sudo is missing or asks for a password".to_owned())
}

fn install(shell: &[&str]) -> Result<(), String> {
    println!("PostgreSQL is missing and will be installed: apt-get install postgresql");
    match script(shell, INSTALL).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("apt-get ended with {status}")),
        Err(error) => Err(format!("`{}` can't be started: {error}", shell[0])),
    }
}

fn script(shell: &[&str], script: &str) -> Command {
    let mut command = Command::new(shell[0]);
    command.args(&shell[1..]).arg(script).stdin(Stdio::null());
    command
}

fn succeeds(mut command: Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_that_does_not_exist_may_not_install() {
        assert!(!succeeds(script(&["no-such-shell", "-c"], "true")));
        assert!(!succeeds(script(SHELLS[0], "no-such-package-manager --version")));
        assert!(succeeds(script(SHELLS[0], "true")));
    }
}
