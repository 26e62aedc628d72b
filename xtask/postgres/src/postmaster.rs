//! The processes of a server that runs.

use std::process::{Child, Stdio};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::{
    Error, Fsync,
    cluster::Cluster,
    log::{Log, NotReady},
};

const PORT_IS_TAKEN: &str = "Address already in use";

/// Why a server did not start.
#[derive(Debug)]
pub(crate) enum StartError {
    PortIsTaken,
    Other(Error),
}

impl From<Error> for StartError {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

/// How a server is made to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Clients are disconnected, and all is written to the data files.
    Fast,
    /// All processes end at once, and the next start recovers.
    Immediate,
    /// As if the machine had lost its power: no process has a say.
    Killed,
}

/// The first process of a server, from which all others come.
#[derive(Debug)]
pub(crate) struct Postmaster {
    process: Child,
    log: Log,
}

impl Postmaster {
    /// Starts the server and waits until it takes connections.
    pub(crate) fn start(cluster: &mut Cluster, port: u16, fsync: Fsync) -> Result<Self, StartError> {
        let this = Self::spawn(cluster, port, fsync)?;
        cluster.sweeper.note(this.process.id())?;
        match this.log.wait_until_ready() {
            Ok(()) => Ok(this),
            Err(cause) => Err(this.give_up(&cause, cluster)),
        }
    }

    fn spawn(cluster: &Cluster, port: u16, fsync: Fsync) -> Result<Self, Error> {
        let mut command = cluster.call("postgres");
        command.arg("-D").arg(cluster.data()).args(["-h", "127.0.0.1", "-p", &port.to_string(), "-k", ""]);
        for setting in [fsync.setting(), "max_connections=200", "log_min_messages=log"] {
            command.args(["-c", setting]);
        }
        let mut process =
            command.stderr(Stdio::piped()).spawn().map_err(Error::while_trying(format_args!("run {command:?}")))?;
        let stderr = process.stderr.take().ok_or_else(|| Error::new("the server has no standard error"))?;
        Ok(Self { process, log: Log::follow(stderr) })
    }

    fn give_up(self, cause: &NotReady, cluster: &mut Cluster) -> StartError {
        let lines = match self.end(Ending::Killed, cluster) {
            Ok(lines) => lines.join("\n"),
            Err(error) => return error.into(),
        };
        match cause {
            NotReady::Ended if lines.contains(PORT_IS_TAKEN) => StartError::PortIsTaken,
            NotReady::Ended => Error::new(format!("PostgreSQL ended while it started: {lines}")).into(),
            NotReady::Late => Error::new(format!("PostgreSQL does not become ready: {lines}")).into(),
        }
    }

    /// Ends the server, waits until all its processes are gone, and gives the last lines of its log.
    pub(crate) fn end(mut self, ending: Ending, cluster: &mut Cluster) -> Result<Vec<String>, Error> {
        match ending {
            Ending::Fast => self.signal(Signal::SIGINT),
            Ending::Immediate => self.signal(Signal::SIGQUIT),
            Ending::Killed => self.kill_all(),
        }
        self.process.wait().map_err(Error::while_trying("wait for PostgreSQL to end"))?;
        cluster.sweeper.note_end()?;
        self.log.wait_for_the_end()
    }

    /// Stopped first, so that it neither starts another process nor sees one end; killed last, since the others, where
    /// they see that it is gone, say so to their clients.
    fn kill_all(&self) {
        self.signal(Signal::SIGSTOP);
        for process in children(self.id()) {
            send(process, Signal::SIGKILL);
        }
        self.signal(Signal::SIGKILL);
    }

    fn signal(&self, signal: Signal) {
        send(self.id(), signal);
    }

    pub(crate) fn id(&self) -> Pid {
        Pid::from_raw(self.process.id().cast_signed())
    }
}

/// A process that is gone already has what it needs.
fn send(process: Pid, signal: Signal) {
    let _ = kill(process, signal);
}

/// None where the system does not tell: there they end by themselves, as soon as they see that the first is gone.
pub(crate) fn children(process: Pid) -> Vec<Pid> {
    let list = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
    list.split_whitespace().filter_map(|id| id.parse().ok()).map(Pid::from_raw).collect()
}
