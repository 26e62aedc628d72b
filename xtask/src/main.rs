//! `cargo xtask`: the commands that people and CI run.

mod clients;
mod debian;
mod features;
mod house;
mod links;
mod parts;
mod postgres;
mod rules;
mod run;
mod soak;
mod table;
mod tools;
mod workspace;

use std::{ffi::OsString, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{
    parts::{Part, parts},
    run::{Call, OnFailure, run_all},
    soak::soak,
    workspace::Workspace,
};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "The commands that people and CI run")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run everything that CI runs, and tell how long each part took
    Test {
        /// Run this part only; may be given several times
        #[arg(long, value_name = "PART")]
        only: Vec<String>,
        /// Stop at the first part that fails
        #[arg(long)]
        fail_fast: bool,
        /// List the parts and run none
        #[arg(long)]
        list: bool,
    },
    /// Run the property, race and kill tests in release, with more cases each round
    Soak {
        /// When no further round begins
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
        minutes: u64,
    },
    /// Measure against hand-written code and write bench/RESULTS.md
    Bench {
        /// What is passed on to the bench binary
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    let task = Cli::parse().task;
    match Workspace::load().and_then(|workspace| perform(task, &workspace)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task, workspace: &Workspace) -> Result<(), String> {
    match task {
        Task::Test { list: true, .. } => {
            print!("{}", parts::listing(&parts(workspace)));
            Ok(())
        }
        Task::Test { only, fail_fast, .. } => {
            let on_failure = if fail_fast { OnFailure::Stop } else { OnFailure::GoOn };
            test(workspace, &only, on_failure)
        }
        Task::Soak { minutes } => soak(workspace, minutes),
        Task::Bench { args } => bench(workspace, args),
    }
}

fn test(workspace: &Workspace, only: &[String], on_failure: OnFailure) -> Result<(), String> {
    let chosen: Vec<Part> = parts::choose(parts(workspace), only)?;
    let results = run_all(&chosen, workspace, on_failure);
    print!("\n{}", table::render(&results));
    match results.iter().filter(|result| result.outcome.is_err()).count() {
        0 => Ok(()),
        failed => Err(format!("{failed} of {} parts failed", results.len())),
    }
}

/// The bench looks for the examples beside itself. One call builds all, so that cargo compiles what they share once.
fn bench(workspace: &Workspace, args: Vec<OsString>) -> Result<(), String> {
    Call::cargo(["build", "--release", "-p", "bench", "-p", "examples", "--bins"]).run(&workspace.root)?;
    Call::program(workspace.target_directory.join("release/bench")).args(args).run(&workspace.root)
}
