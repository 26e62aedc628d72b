//! What `cargo metadata` and git say about the workspace, so that nothing of it has to be listed by hand.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use serde::Deserialize;

/// The workspace as cargo sees it.
#[derive(Deserialize)]
pub(crate) struct Workspace {
    #[serde(rename = "workspace_root")]
    pub(crate) root: PathBuf,
    /// Where cargo puts programs.
    pub(crate) target_directory: PathBuf,
    /// Where cargo keeps what it makes; tests find it as the folder above `CARGO_TARGET_TMPDIR`.
    pub(crate) build_directory: PathBuf,
    pub(crate) packages: Vec<Package>,
}

/// One crate of the workspace.
#[derive(Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) features: BTreeMap<String, Vec<String>>,
    pub(crate) targets: Vec<Target>,
    /// The registries it may go to: all where this is `None`, none where it is empty.
    pub(crate) publish: Option<Vec<String>>,
}

/// A library, binary or test of a crate.
#[derive(Deserialize)]
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) kind: Vec<String>,
    pub(crate) src_path: PathBuf,
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn load() -> Result<Self, String> {
        let mut command = Command::new(cargo());
        command.args(["metadata", "--no-deps", "--format-version", "1"]);
        serde_json::from_slice(&stdout_of(&mut command)?)
            .map_err(|error| format!("cargo metadata is not readable: {error}"))
    }

    /// The files that are, or would be, under version control, relative to the root.
    pub(crate) fn files(&self) -> Result<Vec<PathBuf>, String> {
        let mut command = Command::new("git");
        command.args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"]).current_dir(&self.root);
        let listed = String::from_utf8_lossy(&stdout_of(&mut command)?).into_owned();
        let mut files: Vec<_> = listed.split_terminator('\0').map(PathBuf::from).collect();
        files.retain(|file| self.root.join(file).is_file());
        files.sort();
        files.dedup();
        Ok(files)
    }
}

impl Package {
    pub(crate) fn is_published(&self) -> bool {
        self.publish.as_ref().is_none_or(|registries| !registries.is_empty())
    }

    pub(crate) fn tests(&self) -> impl Iterator<Item = &Target> {
        self.targets.iter().filter(|target| target.is("test"))
    }
}

impl Target {
    pub(crate) fn is(&self, kind: &str) -> bool {
        self.kind.iter().any(|own| own == kind)
    }
}

/// The cargo that runs this program, or the one on the path.
pub(crate) fn cargo() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

fn stdout_of(command: &mut Command) -> Result<Vec<u8>, String> {
    let program = Path::new(command.get_program()).display().to_string();
    let output = command.output().map_err(|error| format!("`{program}` can't be started: {error}"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(format!("`{program}` failed: {}", String::from_utf8_lossy(&output.stderr).trim_end()))
}
