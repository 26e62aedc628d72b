//! The example `board`.

use std::{
    ops::Deref,
    path::Path,
    process::{Command, ExitStatus, Output},
};

use tempfile::TempDir;

use crate::support::{Example, Store, bound::output_within, example::PATIENCE, program};

const BOARD: &str = "board";

/// A running `board`.
pub(crate) struct Board(Example);

impl Board {
    pub(crate) fn start(store: Store) -> Self {
        Self(Example::start(BOARD, store, &[]))
    }

    /// Starts over what an earlier one left in its directory.
    pub(crate) fn start_in(directory: TempDir, store: Store) -> Self {
        Self(Example::start_in(directory, BOARD, store, &[]))
    }

    /// Starts this command, whose working directory `directory` is.
    pub(crate) fn start_with(command: Command, directory: TempDir) -> Self {
        Self(Example::start_with(BOARD, command, directory))
    }

    /// The lines that it prints under its address.
    pub(crate) fn hints(&mut self) -> Vec<String> {
        self.0.lines(3)
    }

    /// Kills it, as `kill -9` does, and leaves its directory.
    pub(crate) fn kill(self) -> TempDir {
        self.0.kill()
    }

    /// Waits for its end.
    pub(crate) fn wait(self) -> (ExitStatus, TempDir) {
        self.0.wait()
    }
}

impl Deref for Board {
    type Target = Example;

    fn deref(&self) -> &Example {
        &self.0
    }
}

/// `board` with no flags yet, in this working directory.
pub(crate) fn command(directory: &Path) -> Command {
    program(BOARD, directory)
}

/// Runs a command that ends by itself.
pub(crate) fn bounded_output(command: Command) -> Output {
    output_within(PATIENCE, command)
}
