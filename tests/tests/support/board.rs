//! The `board` binary: built once, started as often as a test wants.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio},
    sync::{OnceLock, mpsc},
    thread,
    time::Duration,
};

use private_postgres::Server;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::Client;

/// How long a start or a stop may take before the process is killed.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where a server keeps its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    Memory,
    Sqlite,
    /// In the database that this URL names.
    Postgres(&'static str),
}

impl Store {
    /// Those that need nothing installed.
    pub(crate) const ALL: [Self; 2] = [Self::Memory, Self::Sqlite];

    /// A new database on the server that all tests of this process share.
    pub(crate) fn postgres() -> Self {
        Self::postgres_on(private_postgres::shared())
    }

    /// A new database on a server of the test's own, for it to kill.
    pub(crate) fn postgres_on(server: &Server) -> Self {
        Self::Postgres(server.fresh_database().expect("the server runs").leak())
    }

    /// The value of `--store`, in the working directory.
    fn flag(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Sqlite => "sqlite:board.db",
            Self::Postgres(url) => url,
        }
    }
}

/// A running server with a directory of its own, both gone when it is dropped.
pub(crate) struct Board {
    child: Child,
    output: BufReader<ChildStdout>,
    pub(crate) address: SocketAddr,
    pub(crate) directory: TempDir,
}

impl Board {
    pub(crate) fn start(store: Store) -> Self {
        Self::start_in(tempfile::tempdir().expect("a temporary directory"), store)
    }

    /// Starts over what an earlier one left in its directory.
    pub(crate) fn start_in(directory: TempDir, store: Store) -> Self {
        let mut command = command(directory.path());
        command.args(["--listen", "127.0.0.1:0", "--store", store.flag()]);
        Self::start_with(command, directory)
    }

    /// Starts this command, whose working directory `directory` is.
    pub(crate) fn start_with(mut command: Command, directory: TempDir) -> Self {
        let log = File::options().create(true).append(true).open(log_of(directory.path())).expect("a log file");
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().expect("the server starts");
        let mut output = BufReader::new(child.stdout.take().expect("its output is piped"));
        let line = {
            let _bound = Bound::of(&child);
            first_line(&mut output)
        };
        let address = line.strip_prefix("listening on http://").and_then(|address| address.parse().ok());
        let Some(address) = address else {
            let _ = child.kill();
            panic!("the server said {line:?} and {:?}", std::fs::read_to_string(log_of(directory.path())));
        };
        Self { child, output, address, directory }
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// The lines that it prints under its address.
    pub(crate) fn hints(&mut self) -> Vec<String> {
        let _bound = Bound::of(&self.child);
        (0..3).map(|_| first_line(&mut self.output)).collect()
    }

    /// What it wrote to its error output.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(log_of(self.directory.path())).unwrap_or_default()
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
        let bound = Bound::of(&self.child);
        let status = self.child.wait().expect("it was started here");
        drop(bound);
        (status, self.into_directory())
    }

    fn into_directory(mut self) -> TempDir {
        // `Drop` still runs, on a directory that nothing is in.
        std::mem::replace(&mut self.directory, tempfile::tempdir().expect("a temporary directory"))
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            eprintln!("the server's log: {}", self.log());
        }
    }
}

/// The server with no flags yet, in this working directory.
pub(crate) fn command(directory: &Path) -> Command {
    let mut command = Command::new(binary());
    command.current_dir(directory).env_remove("RUST_LOG").stdin(Stdio::null());
    command
}

/// Runs a command that ends by itself.
pub(crate) fn bounded_output(mut command: Command) -> Output {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the server starts");
    let _bound = Bound::of(&child);
    child.wait_with_output().expect("it was started here")
}

/// Kills a process that is not done with something in time, so that whoever waits for it wakes up.
struct Bound(Option<mpsc::Sender<()>>);

impl Bound {
    fn of(child: &Child) -> Self {
        let (done, is_done) = mpsc::channel::<()>();
        let kill = format!("kill -9 {}", child.id());
        thread::spawn(move || {
            if is_done.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
                let _ = Command::new("sh").args(["-c", &kill]).status();
            }
        });
        Self(Some(done))
    }
}

fn first_line(output: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    output.read_line(&mut line).expect("its output is text");
    line.trim_end().to_owned()
}

fn log_of(directory: &Path) -> PathBuf {
    directory.join("board.log")
}

fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(build)
}

/// Selects what `cargo xtask test` selects, one of these tests included, so that all they need is compiled already: cargo
/// compiles a dependency again for another selection, since that may ask for other features of it.
const SELECTION: [&str; 6] = ["--workspace", "--all-features", "--bin", BOARD, "--test", "board_start"];

const BOARD: &str = "board";

fn build() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    let mut command = Command::new(cargo);
    command.arg("build").args(SELECTION).args(["--profile", profile, "--message-format", "json"]);
    let output = command.stderr(Stdio::inherit()).output().expect("cargo runs");
    assert!(output.status.success(), "`board` does not compile");
    let mut messages = output.stdout.split(|&byte| byte == b'\n');
    messages.find_map(|line| executable_of(&serde_json::from_slice(line).ok()?)).expect("cargo names what it built")
}

fn executable_of(message: &Value) -> Option<PathBuf> {
    let is_board = message["target"]["name"] == BOARD;
    message["executable"].as_str().filter(|_| is_board).map(PathBuf::from)
}
