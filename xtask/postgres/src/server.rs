//! A server, seen from a test.

use std::{
    path::Path,
    process::Stdio,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use crate::{
    Binaries, Error,
    cluster::{Cluster, USER},
    ports,
    postmaster::{Ending, Postmaster, StartError},
};

/// How often a launch tries another port.
const ATTEMPTS: usize = 10;

/// Whether a commit waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fsync {
    /// As in production: for benchmarks.
    On,
    /// Not a moment is spent on a power failure: for tests. A commit still outlives [`Server::kill`], since by then the
    /// operating system has it.
    Off,
}

impl Fsync {
    pub(crate) const fn setting(self) -> &'static str {
        match self {
            Self::On => "fsync=on",
            Self::Off => "fsync=off",
        }
    }
}

/// A server of one's own, on `127.0.0.1` and a port that does not change. It trusts every client on this machine.
///
/// Dropping it stops it and removes its data. Where the process dies without dropping it, a shell that waits for that
/// does the same.
#[derive(Debug)]
pub struct Server {
    port: u16,
    fsync: Fsync,
    binaries: Binaries,
    databases: AtomicU32,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    running: Option<Postmaster>,
    cluster: Cluster,
    /// How the last one that ran was made to end.
    ending: Ending,
}

impl Server {
    /// Makes a cluster in the system's folder for temporary files and starts it.
    ///
    /// # Errors
    /// Where PostgreSQL is missing or does not start; the message says what to do.
    ///
    /// ```no_run
    /// use private_postgres::{Fsync, Server};
    ///
    /// let server = Server::launch(Fsync::Off)?;
    /// println!("{}", server.fresh_database()?);
    /// # Ok::<(), private_postgres::Error>(())
    /// ```
    pub fn launch(fsync: Fsync) -> Result<Self, Error> {
        Self::launch_in(&std::env::temp_dir(), fsync)
    }

    /// The same in another folder: one on the disk that a benchmark is about, where the temporary files are in memory.
    ///
    /// # Errors
    /// As for [`Server::launch`], and where root's stand-in, the user `postgres` or `nobody`, can't reach the folder.
    pub fn launch_in(folder: &Path, fsync: Fsync) -> Result<Self, Error> {
        let mut cluster = Cluster::create(folder)?;
        for _ in 0..ATTEMPTS {
            let port = ports::free()?;
            match Postmaster::start(&mut cluster, port, fsync) {
                Ok(postmaster) => return Ok(Self::running(postmaster, cluster, port, fsync)),
                Err(StartError::PortIsTaken) => {}
                Err(StartError::Other(error)) => return Err(error),
            }
        }
        Err(Error::new(format!("{ATTEMPTS} ports in a row were taken between being found free and being used")))
    }

    fn running(postmaster: Postmaster, cluster: Cluster, port: u16, fsync: Fsync) -> Self {
        let binaries = cluster.binaries.clone();
        let state = State { running: Some(postmaster), cluster, ending: Ending::Fast };
        Self { port, fsync, binaries, databases: AtomicU32::new(0), state: Mutex::new(state) }
    }

    /// The port on `127.0.0.1`.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The URL of a new empty database.
    ///
    /// # Errors
    /// Where the server is down.
    pub fn fresh_database(&self) -> Result<String, Error> {
        let name = format!("fresh_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.perform(&format!("CREATE DATABASE {name}"))?;
        Ok(format!("postgres://{USER}@127.0.0.1:{}/{name}", self.port))
    }

    fn perform(&self, sql: &str) -> Result<(), Error> {
        let mut psql = self.binaries.call("psql");
        psql.args(["-X", "-w", "-q", "-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", USER, "-d", "postgres"]);
        let output = psql.args(["-c", sql]).stdin(Stdio::null()).output();
        let output = output.map_err(Error::while_trying("run psql"))?;
        if output.status.success() {
            return Ok(());
        }
        Err(Error::new(format!("`{sql}` failed: {}", String::from_utf8_lossy(&output.stderr).trim_end())))
    }

    /// Starts the server again on the same port and data, and waits until it takes connections. Nothing where it runs.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn start(&self) -> Result<(), Error> {
        self.state().start(self.port, self.fsync)
    }

    /// Disconnects all clients and stops the server in order, and waits until it is gone. Nothing where it is down.
    ///
    /// # Errors
    /// Where the system does not let it.
    pub fn stop(&self) -> Result<(), Error> {
        self.state().end(Ending::Fast)
    }

    /// [Stops](Server::stop) and [starts](Server::start) the server.
    ///
    /// # Errors
    /// Where either fails.
    pub fn restart(&self) -> Result<(), Error> {
        let mut state = self.state();
        state.end(Ending::Fast)?;
        state.start(self.port, self.fsync)
    }

    /// Kills all processes of the server, and waits until they are gone: what was not committed is lost, and the next
    /// start recovers. Nothing where it is down.
    ///
    /// # Errors
    /// Where the system does not let it.
    pub fn kill(&self) -> Result<(), Error> {
        self.state().end(Ending::Killed)
    }

    /// A panic elsewhere leaves nothing half done here.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn start(&mut self, port: u16, fsync: Fsync) -> Result<(), Error> {
        if self.running.is_some() {
            return Ok(());
        }
        let started = Postmaster::start(&mut self.cluster, port, fsync);
        self.running = Some(started.map_err(|error| match error {
            StartError::PortIsTaken => Error::new(format!("port {port} was taken while the server was down")),
            StartError::Other(error) => error,
        })?);
        Ok(())
    }

    fn end(&mut self, ending: Ending) -> Result<(), Error> {
        let Some(postmaster) = self.running.take() else { return Ok(()) };
        self.ending = ending;
        postmaster.end(ending, &mut self.cluster).map(drop)
    }
}

impl Drop for Server {
    /// A killed server left shared memory behind, which goes with the next one that runs and ends.
    fn drop(&mut self) {
        let (port, fsync) = (self.port, self.fsync);
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        let started = if state.ending == Ending::Killed { state.start(port, fsync) } else { Ok(()) };
        if let Err(error) = started.and_then(|()| state.end(Ending::Immediate)) {
            eprintln!("a private PostgreSQL server was not cleaned up: {error}");
        }
    }
}

#[cfg(test)]
mod tests;
