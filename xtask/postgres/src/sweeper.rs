//! Cleaning up after a process that can't: one that was killed.

use std::{
    io::Write as _,
    os::unix::process::CommandExt as _,
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
};

use crate::Error;

/// Reads the id of the process that works on the folder, a line for each and an empty one for none. When the pipe closes,
/// as it does however its other end dies, it stops that process and removes the folder. The time it waits is bounded,
/// since a dead process whose parent never asks for it seems to live for ever.
const SCRIPT: &str = r#"
trap '' HUP INT TERM
while read -r line; do running=$line; done
if [ -n "$running" ]; then
    kill -QUIT "$running"
    tries=0
    while kill -0 "$running" && [ "$tries" -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
fi
tries=0
until rm -rf "$1" || [ "$tries" -ge 100 ]; do sleep 0.1; tries=$((tries + 1)); done
"#;

/// A shell at the other end of a pipe.
#[derive(Debug)]
pub(crate) struct Sweeper {
    shell: Child,
    pipe: Option<ChildStdin>,
}

impl Sweeper {
    /// Watches over a folder, from outside the caller's process group: what interrupts the caller must not reach it.
    pub(crate) fn over(folder: &Path) -> Result<Self, Error> {
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT, "sh"]).arg(folder).process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut shell = command.spawn().map_err(Error::while_trying("start `sh`"))?;
        let pipe = shell.stdin.take();
        Ok(Self { shell, pipe })
    }

    /// From now on, this process works on the folder.
    pub(crate) fn note(&mut self, process: u32) -> Result<(), Error> {
        self.write(&format!("{process}\n"))
    }

    /// From now on, no process works on the folder.
    pub(crate) fn note_end(&mut self) -> Result<(), Error> {
        self.write("\n")
    }

    fn write(&mut self, line: &str) -> Result<(), Error> {
        let Some(pipe) = &mut self.pipe else { return Ok(()) };
        pipe.write_all(line.as_bytes()).map_err(Error::while_trying("reach the shell that cleans up"))
    }
}

impl Drop for Sweeper {
    /// Removes the folder.
    fn drop(&mut self) {
        self.pipe = None;
        if let Err(error) = self.shell.wait() {
            eprintln!("can't wait for the shell that cleans up: {error}");
        }
    }
}
