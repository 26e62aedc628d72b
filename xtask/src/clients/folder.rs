//! A folder of installed packages that knows what it was made of.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::workspace::Workspace;

/// The file that is written when everything is installed.
const STAMP: &str = "installed-from";

/// A folder that is what `origin` says, once it is installed.
pub(crate) struct Folder {
    path: PathBuf,
    origin: String,
}

impl Folder {
    pub(crate) fn new(workspace: &Workspace, language: &str, origin: String) -> Self {
        Self { path: workspace.build_directory.join("clients").join(language), origin }
    }

    /// Installs into the empty folder, unless that was done from the same origin to the end.
    pub(crate) fn ensure(&self, install: impl FnOnce(&Path) -> Result<(), String>) -> Result<(), String> {
        if self.is_current() {
            return Ok(());
        }
        self.empty().map_err(|error| format!("{} can't be emptied: {error}", self.path.display()))?;
        install(&self.path)?;
        fs::write(self.stamp(), &self.origin).map_err(|error| format!("{}: {error}", self.stamp().display()))
    }

    fn is_current(&self) -> bool {
        fs::read_to_string(self.stamp()).is_ok_and(|stamp| stamp == self.origin)
    }

    fn empty(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => fs::create_dir_all(&self.path),
        }
    }

    fn stamp(&self) -> PathBuf {
        self.path.join(STAMP)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(test: &str) -> PathBuf {
        std::env::temp_dir().join(format!("xtask-folder-{}-{test}", std::process::id()))
    }

    fn folder(path: &Path, origin: &str) -> Folder {
        Folder { path: path.to_owned(), origin: origin.to_owned() }
    }

    fn unneeded(_: &Path) -> Result<(), String> {
        Err("installed again".to_owned())
    }

    #[test]
    fn what_is_installed_is_not_installed_again() {
        let path = scratch("again");
        folder(&path, "one").ensure(|_| Ok(())).unwrap();
        folder(&path, "one").ensure(unneeded).unwrap();
        fs::remove_dir_all(path).unwrap();
    }

    #[test]
    fn another_origin_is_installed_into_an_empty_folder() {
        let path = scratch("other");
        let write = |path: &Path| fs::write(path.join("old"), "").map_err(|error| error.to_string());
        folder(&path, "one").ensure(write).unwrap();
        folder(&path, "two").ensure(|path| if path.join("old").exists() { unneeded(path) } else { Ok(()) }).unwrap();
        fs::remove_dir_all(path).unwrap();
    }

    #[test]
    fn half_an_install_is_done_again() {
        let path = scratch("half");
        assert!(folder(&path, "one").ensure(|_| Err("no network".to_owned())).is_err());
        assert!(folder(&path, "one").ensure(unneeded).is_err());
        fs::remove_dir_all(path).unwrap();
    }
}
