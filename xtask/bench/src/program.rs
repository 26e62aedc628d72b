//! The servers of the examples, each in a process of its own.

use std::{
    env,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::Duration,
};

use nix::{
    time::{ClockId, clock_getcpuclockid, clock_gettime},
    unistd::Pid,
};

/// A running server, whose time at the processor can be asked for. It ends with this value.
pub(crate) struct Program {
    pub(crate) address: SocketAddr,
    child: Child,
    clock: ClockId,
}

impl Program {
    /// Starts the example of this name, which lies beside this executable, on a memory store.
    pub(crate) fn start(name: &str) -> Self {
        let path = env::current_exe().expect("this executable has a path").with_file_name(name);
        let mut command = Command::new(&path);
        command.args(["--listen", "127.0.0.1:0", "--store", "memory"]).env_remove("RUST_LOG");
        // One thread for the requests, so that none of them wakes another thread.
        command.env("TOKIO_WORKER_THREADS", "1").stdin(Stdio::null()).stdout(Stdio::piped());
        let child = command.spawn();
        let mut child = child.unwrap_or_else(|error| {
            panic!("{} can't be started: {error}; `cargo xtask bench` builds it", path.display())
        });
        let address = address_of(&mut child);
        let pid = Pid::from_raw(child.id().try_into().expect("an id of a process is small"));
        let clock = clock_getcpuclockid(pid).expect("every process has a clock");
        Self { address, child, clock }
    }

    /// What all threads of the process have taken of the processor so far, in the kernel, too.
    pub(crate) fn time(&self) -> Duration {
        clock_gettime(self.clock).expect("the process lives").into()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An example prints its address once requests are answered.
fn address_of(child: &mut Child) -> SocketAddr {
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("stdout is a pipe")).read_line(&mut line).expect("stdout is text");
    let address = line.trim_end().strip_prefix("listening on http://").and_then(|address| address.parse().ok());
    address.unwrap_or_else(|| panic!("the server did not say where it listens, but {line:?}"))
}
