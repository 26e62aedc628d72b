//! An end to what would otherwise be waited for without one.

use std::{
    process::{Child, Command, Output, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

/// Kills a process that is not done with something in time, so that whoever waits for it wakes up.
pub(crate) struct Bound(Option<mpsc::Sender<()>>);

impl Bound {
    pub(crate) fn of(child: &Child, patience: Duration) -> Self {
        let (done, is_done) = mpsc::channel::<()>();
        let kill = format!("kill -9 {}", child.id());
        thread::spawn(move || {
            if is_done.recv_timeout(patience) == Err(mpsc::RecvTimeoutError::Timeout) {
                let _ = Command::new("sh").args(["-c", &kill]).status();
            }
        });
        Self(Some(done))
    }
}

/// What a command wrote that ends by itself, or by being killed then.
pub(crate) fn output_within(patience: Duration, mut command: Command) -> Output {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let child = child.unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let _bound = Bound::of(&child, patience);
    child.wait_with_output().expect("it was started here")
}
