//! The folder of a cluster.

use std::{
    fs::DirBuilder,
    os::unix::{fs::DirBuilderExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use crate::{Binaries, Error, owner::Owner, sweeper::Sweeper};

/// The user that clients are.
pub(crate) const USER: &str = "postgres";

/// A new cluster, which is removed with this value.
#[derive(Debug)]
pub(crate) struct Cluster {
    pub(crate) binaries: Binaries,
    pub(crate) sweeper: Sweeper,
    owner: Owner,
    folder: PathBuf,
}

impl Cluster {
    pub(crate) fn create(parent: &Path) -> Result<Self, Error> {
        let (binaries, owner) = (Binaries::find()?, Owner::choose()?);
        let folder = new_folder(parent, &owner)?;
        let sweeper = Sweeper::over(&folder)?;
        let mut cluster = Self { binaries, sweeper, owner, folder };
        cluster.fill()?;
        Ok(cluster)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// A call of one of the programs in the folder as its owner, whom no interrupt from the terminal reaches.
    pub(crate) fn call(&self, program: &str) -> Command {
        let mut command = self.binaries.call(program);
        command.current_dir(&self.folder).process_group(0).stdin(Stdio::null()).stdout(Stdio::null());
        self.owner.runs(&mut command);
        command
    }

    /// No sync: a cluster that a power failure breaks is of no use to anyone then.
    fn fill(&mut self) -> Result<(), Error> {
        let mut command = self.call("initdb");
        command.args(["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]).args(["-U", USER, "-D"]);
        let output = self.watched(command.arg(self.data()))?;
        if output.status.success() {
            return Ok(());
        }
        Err(Error::new(format!("initdb failed: {}", String::from_utf8_lossy(&output.stderr).trim_end())))
    }

    /// Runs a command to its end, and has it ended if this process dies.
    fn watched(&mut self, command: &mut Command) -> Result<Output, Error> {
        let within = self.folder.display();
        let child = command.stderr(Stdio::piped()).spawn();
        let child = child.map_err(Error::while_trying(format_args!("run {command:?} in {within}")))?;
        self.sweeper.note(child.id())?;
        let output = child.wait_with_output().map_err(Error::while_trying(format_args!("wait for {command:?}")))?;
        self.sweeper.note_end()?;
        Ok(output)
    }
}

/// A folder that did not exist, which nobody but its owner may enter.
fn new_folder(parent: &Path, owner: &Owner) -> Result<PathBuf, Error> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let time = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    let folder = parent.join(format!("private-postgres-{}-{count}-{time}", std::process::id()));
    let create = DirBuilder::new().mode(0o700).create(&folder);
    create.map_err(Error::while_trying(format_args!("create {}", folder.display())))?;
    owner.takes(&folder)?;
    Ok(folder)
}
