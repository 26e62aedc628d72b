//! Where PostgreSQL's programs are.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use crate::Error;

/// Debian and Ubuntu keep a folder for each major version here, and put none on the path.
const DEBIAN: &str = "/usr/lib/postgresql";

const MISSING: &str = "PostgreSQL is not installed: no folder of the path, and none in /usr/lib/postgresql, has initdb, \
    postgres and psql; run `sudo apt-get install postgresql` (Debian, Ubuntu), `sudo dnf install postgresql-server` \
    (Fedora) or `brew install postgresql` (macOS)";

/// The folder of PostgreSQL's programs.
#[derive(Debug, Clone)]
pub struct Binaries {
    folder: PathBuf,
}

impl Binaries {
    /// Looks on the path, and then where Debian installs, newest version first.
    ///
    /// # Errors
    /// Where there are none; the message has the line that installs them.
    pub fn find() -> Result<Self, Error> {
        let path = env::var_os("PATH").unwrap_or_default();
        Self::find_in(env::split_paths(&path).chain(newest_first(Path::new(DEBIAN))))
    }

    fn find_in(folders: impl IntoIterator<Item = PathBuf>) -> Result<Self, Error> {
        let folder = folders.into_iter().find_map(|folder| folder_of_programs(&folder));
        folder.map(|folder| Self { folder }).ok_or_else(|| Error::new(MISSING))
    }

    /// A call of one of the programs, out of reach of the caller's settings for other servers and of its language.
    pub(crate) fn call(&self, program: &str) -> Command {
        let mut command = Command::new(self.folder.join(program));
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG")) {
            command.env_remove(name);
        }
        command.env("LC_ALL", "C");
        command
    }
}

/// The folder that this one's `initdb` really lives in, where the other programs stand beside it.
fn folder_of_programs(folder: &Path) -> Option<PathBuf> {
    let initdb = folder.join("initdb").canonicalize().ok()?;
    let folder = initdb.parent()?;
    ["postgres", "psql"].iter().all(|program| folder.join(program).is_file()).then(|| folder.to_owned())
}

fn newest_first(versions: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(versions).into_iter().flatten().flatten();
    let numbered = entries.filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path())));
    let mut numbered: Vec<_> = numbered.collect();
    numbered.sort_unstable_by(|(left, _), (right, _)| right.cmp(left));
    numbered.into_iter().map(|(_, folder)| folder.join("bin")).collect()
}

#[cfg(test)]
mod tests {
    use std::{fs, process};

    use super::*;

    /// A folder that is removed at the end of a test.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let folder = env::temp_dir().join(format!("private-postgres-{name}-{}", process::id()));
            fs::create_dir_all(&folder).unwrap();
            Self(folder)
        }

        fn with_programs(self, folder: &str, programs: &[&str]) -> Self {
            let folder = self.0.join(folder);
            fs::create_dir_all(&folder).unwrap();
            for program in programs {
                fs::write(folder.join(program), "").unwrap();
            }
            self
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }

    #[test]
    fn where_there_are_no_programs_the_error_has_the_line_to_run() {
        let scratch = Scratch::new("none").with_programs("bin", &["initdb", "postgres"]);
        let error = Binaries::find_in([scratch.0.join("bin"), scratch.0.join("absent")]).unwrap_err();
        assert!(error.to_string().contains("`sudo apt-get install postgresql`"), "{error}");
    }

    #[test]
    fn a_link_on_the_path_leads_to_the_other_programs() {
        let scratch = Scratch::new("link").with_programs("real", &["initdb", "postgres", "psql"]);
        let scratch = scratch.with_programs("path", &[]);
        std::os::unix::fs::symlink(scratch.0.join("real/initdb"), scratch.0.join("path/initdb")).unwrap();
        let found = Binaries::find_in([scratch.0.join("path")]).unwrap();
        assert_eq!(found.folder, scratch.0.join("real").canonicalize().unwrap());
    }

    #[test]
    fn the_newest_version_comes_first() {
        let scratch = Scratch::new("versions").with_programs("9", &[]).with_programs("17", &[]);
        let scratch = scratch.with_programs("not-a-version", &[]);
        let found = newest_first(&scratch.0);
        assert_eq!(found, [scratch.0.join("17/bin"), scratch.0.join("9/bin")]);
    }
}
