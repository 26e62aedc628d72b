//! Debian's packages, installed where nobody has to be asked.

use std::process::{Command, Stdio};

/// What is needed, and the packages that bring it.
pub(crate) struct Need {
    /// Names of packages, with spaces between them.
    pub(crate) packages: &'static str,
    /// A script that runs before they are installed.
    pub(crate) preparation: &'static str,
}

/// How a script is run: as who we are, or as root where that needs no password.
const SHELLS: [&[&str]; 2] = [&["sh", "-c"], &["sudo", "-n", "sh", "-c"]];

const IS_ROOT: &str = r#"[ "$(id -u)" = 0 ]"#;

impl Need {
    /// What `find` finds, at first or after the packages are installed.
    pub(crate) fn find_or_install<T>(&self, find: impl Fn() -> Result<T, String>) -> Result<T, String> {
        let missing = match find() {
            Ok(found) => return Ok(found),
            Err(missing) => missing,
        };
        self.install().map_err(|why| format!("{missing}; it can't be installed from here: {why}"))?;
        find()
    }

    fn install(&self) -> Result<(), String> {
        let shell = shell_of_root()?;
        println!("missing, and will be installed: apt-get install {}", self.packages);
        match script(shell, &self.script()).status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("apt-get ended with {status}")),
            Err(error) => Err(format!("`{}` can't be started: {error}", shell[0])),
        }
    }

    fn script(&self) -> String {
        let install = format!("apt-get install --yes --no-install-recommends {}", self.packages);
        ["set -e", self.preparation, "export DEBIAN_FRONTEND=noninteractive", "apt-get update", &install].join("\n")
    }
}

/// The shell that may install packages.
fn shell_of_root() -> Result<&'static [&'static str], String> {
    if !succeeds(script(SHELLS[0], "apt-get --version")) {
        return Err("there is no apt-get".to_owned());
    }
    let shell = SHELLS.into_iter().find(|shell| succeeds(script(shell, IS_ROOT)));
    shell.ok_or_else(|| "this is not root, and sudo is missing or asks for a password".to_owned())
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

    const NEED: Need = Need { packages: "one two", preparation: "true" };

    #[test]
    fn a_shell_that_does_not_exist_may_not_install() {
        assert!(!succeeds(script(&["no-such-shell", "-c"], "true")));
        assert!(!succeeds(script(SHELLS[0], "no-such-package-manager --version")));
        assert!(succeeds(script(SHELLS[0], "true")));
    }

    #[test]
    fn what_is_there_is_not_installed() {
        assert_eq!(NEED.find_or_install(|| Ok("it")), Ok("it"));
    }

    #[test]
    fn the_preparation_comes_before_the_packages() {
        let script = NEED.script();
        assert!(script.starts_with("set -e\ntrue\n"), "{script}");
        assert!(script.ends_with("apt-get install --yes --no-install-recommends one two"), "{script}");
    }
}
