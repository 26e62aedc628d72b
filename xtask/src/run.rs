//! Running parts one after the other, with their output as it comes.

use std::{
    ffi::{OsStr, OsString},
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use crate::{
    parts::{Part, Work},
    workspace::{Workspace, cargo},
};

/// One call of cargo, or of what it built.
pub(crate) struct Call {
    program: OsString,
    args: Vec<OsString>,
    env: Vec<(&'static str, String)>,
}

impl Call {
    /// `cargo` with these arguments.
    pub(crate) fn cargo(args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        Self::program(cargo()).args(args)
    }

    /// A program without arguments.
    pub(crate) fn program(path: impl Into<OsString>) -> Self {
        Self { program: path.into(), args: Vec::new(), env: Vec::new() }
    }

    /// The same with further arguments.
    pub(crate) fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// The same with a variable in the environment.
    pub(crate) fn env(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.env.push((name, value.into()));
        self
    }

    /// The line that a person would type.
    pub(crate) fn line(&self) -> String {
        let env = self.env.iter().map(|(name, value)| format!("{name}={}", quoted(value)));
        let args = self.args.iter().map(|arg| quoted(&arg.to_string_lossy()));
        env.chain([self.program_name()]).chain(args).collect::<Vec<_>>().join(" ")
    }

    fn program_name(&self) -> String {
        Path::new(&self.program).file_name().unwrap_or(&self.program).to_string_lossy().into_owned()
    }

    /// Runs it; its output goes where ours goes.
    pub(crate) fn run(&self, root: &Path) -> Result<(), String> {
        println!("$ {}", self.line());
        let env = self.env.iter().map(|(name, value)| (name, value));
        let status = Command::new(&self.program).args(&self.args).envs(env).current_dir(root).status();
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("`{}` ended with {status}", self.line())),
            Err(error) => Err(format!("`{}` can't be started: {error}", self.line())),
        }
    }
}

fn quoted(text: &str) -> String {
    if text.contains(' ') { format!("{text:?}") } else { text.to_owned() }
}

/// What to do after a part has failed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnFailure {
    GoOn,
    Stop,
}

/// What became of a part.
pub(crate) struct Finished {
    pub(crate) name: &'static str,
    pub(crate) took: Duration,
    pub(crate) outcome: Result<(), String>,
}

/// Runs the parts in order.
pub(crate) fn run_all(parts: &[Part], workspace: &Workspace, on_failure: OnFailure) -> Vec<Finished> {
    let mut results = Vec::with_capacity(parts.len());
    for part in parts {
        let result = run_part(part, workspace);
        let is_last = result.outcome.is_err() && on_failure == OnFailure::Stop;
        results.push(result);
        if is_last {
            break;
        }
    }
    results
}

fn run_part(part: &Part, workspace: &Workspace) -> Finished {
    println!("\n=== {}: {}{}", part.name, part.about, if part.is_empty() { " (there are none)" } else { "" });
    let start = Instant::now();
    let outcome = perform(&part.work, workspace);
    if let Err(message) = &outcome {
        eprintln!("{} failed: {message}", part.name);
    }
    Finished { name: part.name, took: start.elapsed(), outcome }
}

/// All calls of a part are made, so that one run shows every failure.
fn perform(work: &Work, workspace: &Workspace) -> Result<(), String> {
    let failures: Vec<String> = match work {
        Work::Calls(calls) => calls.iter().filter_map(|call| call.run(&workspace.root).err()).collect(),
        Work::Check(check) => check(workspace)?,
    };
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_shown_as_it_would_be_typed() {
        let call = Call::cargo(["doc", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings");
        assert_eq!(call.line(), r#"RUSTDOCFLAGS="-D warnings" cargo doc --no-deps"#);
    }
}
