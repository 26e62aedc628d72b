//! The servers of the examples.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    thread,
    time::Duration,
};

use tempfile::TempDir;

use crate::support::{Client, Store, bound::Bound, program};

/// How long a start or a stop may take before the process is killed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A running server with a directory of its own, both gone when it is dropped.
pub(crate) struct Example {
    name: &'static str,
    child: Child,
    output: BufReader<ChildStdout>,
    pub(crate) address: SocketAddr,
    pub(crate) directory: TempDir,
}

impl Example {
    /// Starts the example of this name, with these flags besides `--listen` and `--store`.
    pub(crate) fn start(name: &'static str, store: Store, flags: &[&str]) -> Self {
        Self::start_in(tempfile::tempdir().expect("a temporary directory"), name, store, flags)
    }

    /// Starts over what an earlier one left in its directory.
    pub(crate) fn start_in(directory: TempDir, name: &'static str, store: Store, flags: &[&str]) -> Self {
        let mut command = program(name, directory.path());
        command.args(["--listen", "127.0.0.1:0", "--store", &store.flag(name)]).args(flags);
        Self::start_with(name, command, directory)
    }

    /// Starts this command of the example, whose working directory `directory` is.
    pub(crate) fn start_with(name: &'static str, mut command: Command, directory: TempDir) -> Self {
        let log_file = log_of(name, directory.path());
        let log = File::options().create(true).append(true).open(&log_file).expect("a log file");
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().expect("the server starts");
        let mut output = BufReader::new(child.stdout.take().expect("its output is piped"));
        let line = {
            let _bound = Bound::of(&child, PATIENCE);
            first_line(&mut output)
        };
        let address = line.strip_prefix("listening on http://").and_then(|address| address.parse().ok());
        let Some(address) = address else {
            let _ = child.kill();
            panic!("the server said {line:?} and {:?}", std::fs::read_to_string(log_file));
        };
        Self { name, child, output, address, directory }
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// Where it is served, without a slash at the end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The next lines that it prints under its address.
    pub(crate) fn lines(&mut self, count: usize) -> Vec<String> {
        let _bound = Bound::of(&self.child, PATIENCE);
        (0..count).map(|_| first_line(&mut self.output)).collect()
    }

    /// What it wrote to its error output.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(log_of(self.name, self.directory.path())).unwrap_or_default()
    }

    pub(crate) fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it, as `kill -9` does, and leaves its directory.
    pub(crate) fn kill(mut self) -> TempDir {
        self.child.kill().expect("the server runs");
        self.child.wait().expect("it was started here");
        self.into_directory()
    }

    /// Asks it to stop, as `kill` does.
    pub(crate) fn signal(&self, signal: &str) {
        let kill = format!("kill -{signal} {}", self.child.id());
        let status = Command::new("sh").args(["-c", &kill]).status().expect("sh runs");
        assert!(status.success(), "{kill}");
    }

    /// Waits for its end.
    pub(crate) fn wait(mut self) -> (ExitStatus, TempDir) {
        let bound = Bound::of(&self.child, PATIENCE);
        let status = self.child.wait().expect("it was started here");
        drop(bound);
        (status, self.into_directory())
    }

    fn into_directory(mut self) -> TempDir {
        // `Drop` still runs, on a directory that nothing is in.
        std::mem::replace(&mut self.directory, tempfile::tempdir().expect("a temporary directory"))
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            eprintln!("the server's log: {}", self.log());
        }
    }
}

/// Runs the test on a new server for each kind of store; it needs PostgreSQL.
pub(crate) fn on_every_store(name: &'static str, flags: &[&str], test: impl Fn(&Example)) {
    for store in [Store::Memory, Store::Sqlite, Store::postgres()] {
        // A failed test's output ends with the store on which it failed.
        println!("{name} on {store:?}");
        test(&Example::start(name, store, flags));
    }
}

fn first_line(output: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    output.read_line(&mut line).expect("its output is text");
    line.trim_end().to_owned()
}

fn log_of(name: &str, directory: &Path) -> PathBuf {
    directory.join(format!("{name}.log"))
}
