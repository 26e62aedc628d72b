//! The signals that ask a server to stop.

use std::io;

/// Ctrl-C and, on Unix, SIGTERM, caught from the moment this is made.
pub(crate) struct StopSignal(platform::Signals);

impl StopSignal {
    /// Catches the signals, which from now on don't end the process by themselves.
    ///
    /// # Errors
    /// What the system says where they can't be caught.
    pub(crate) fn catch() -> io::Result<Self> {
        platform::Signals::catch().map(Self)
    }

    /// Waits for the first of them.
    pub(crate) async fn wait(self) {
        self.0.wait().await;
    }
}

#[cfg(unix)]
mod platform {
    use std::io;

    use tokio::signal::unix::{Signal, SignalKind, signal};

    pub(super) struct Signals {
        interrupt: Signal,
        terminate: Signal,
    }

    impl Signals {
        pub(super) fn catch() -> io::Result<Self> {
            Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
        }

        pub(super) async fn wait(mut self) {
            tokio::select! {
                _ = self.interrupt.recv() => {}
                _ = self.terminate.recv() => {}
            }
        }
    }
}

#[cfg(windows)]
mod platform {
    use std::io;

    use tokio::signal::windows::{CtrlC, ctrl_c};

    pub(super) struct Signals(CtrlC);

    impl Signals {
        pub(super) fn catch() -> io::Result<Self> {
            ctrl_c().map(Self)
        }

        pub(super) async fn wait(mut self) {
            self.0.recv().await;
        }
    }
}
