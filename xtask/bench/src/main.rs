//! Our rows against hand-written code, side by side in one run.
//!
//! `cargo xtask bench` measures everything and writes `bench/RESULTS.md`. To find out why a row is what it is, run one
//! side of it alone under callgrind, which counts instructions and so sees no noise:
//!
//! ```text
//! cargo build --release -p bench
//! valgrind --tool=callgrind target/release/bench --one digest-700 --iterations 10000 --side ours
//! ```

mod callers;
mod clock;
mod compile_time;
mod connection;
mod family;
mod hand;
mod machine;
mod measure;
mod model;
mod pace;
mod place;
mod program;
mod report;
mod row;
mod rows;
mod server;
mod service;
mod table;

use std::{env, io, path::PathBuf, process::ExitCode};

use clap::{Parser, ValueEnum};
use tempfile::TempDir;

use crate::{
    pace::Effort,
    report::Report,
    row::Row,
    rows::{Group, growth::Reach},
    table::Section,
};

/// Measures our rows against hand-written code.
#[derive(Parser, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
struct Options {
    /// Take less than a minute: fewer rounds, nothing compiled, nothing written to bench/RESULTS.md
    #[arg(long)]
    quick: bool,
    /// Measure only rows whose id, or group, contains this text
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Grow stores to a million resources
    #[arg(long)]
    long: bool,
    /// Measure the compile time of derives, too, where --quick or --only would leave it out
    #[arg(long)]
    compile_time: bool,
    /// Print the ids of all rows
    #[arg(long)]
    list: bool,
    /// Do one side of the row with this id and nothing else, for a profiler
    #[arg(long, value_name = "ROW", requires = "iterations")]
    one: Option<String>,
    /// How often --one does it
    #[arg(long, value_name = "N")]
    iterations: Option<u64>,
    /// Which side --one does
    #[arg(long, default_value = "ours")]
    side: SideName,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SideName {
    Hand,
    Ours,
}

impl Options {
    fn effort(&self) -> Effort {
        if self.quick { Effort::Quick } else { Effort::Full }
    }

    fn reach(&self) -> Reach {
        if self.long { Reach::Long } else { Reach::Usual }
    }

    fn is_whole(&self) -> bool {
        !self.quick && self.only.is_none()
    }

    fn wants(&self, group: &str, row: &Row) -> bool {
        self.only.as_deref().is_none_or(|text| row.id.contains(text) || group.to_lowercase().contains(text))
    }
}

fn main() -> ExitCode {
    let options = Options::parse();
    let done = match (&options.one, options.list) {
        (Some(id), _) => one(id, &options),
        (None, true) => {
            list(options.reach());
            Ok(())
        }
        (None, false) => measure(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A folder beside the executable: on the disk that was meant, where that for temporary files may be in memory.
fn folder() -> io::Result<TempDir> {
    let executable = env::current_exe()?;
    let parent = executable.parent().map_or_else(env::temp_dir, PathBuf::from);
    tempfile::Builder::new().prefix("bench-").tempdir_in(parent)
}

fn list(reach: Reach) {
    for Group { title, rows, .. } in rows::groups(reach) {
        for row in rows {
            println!("{:<24} {title}: {}", row.id, row.what);
        }
    }
}

fn one(id: &str, options: &Options) -> io::Result<()> {
    let rows = rows::groups(options.reach()).into_iter().flat_map(|group| group.rows);
    let row = rows.into_iter().find(|row| row.id == id).ok_or_else(|| {
        io::Error::new(io::ErrorKind::InvalidInput, format!("there is no row {id:?}; `--list` prints them all"))
    })?;
    let folder = folder()?;
    let mut sides = (row.prepare)(folder.path());
    let side = match options.side {
        SideName::Hand => &mut sides.hand,
        SideName::Ours => &mut sides.ours,
    };
    let sample = side(options.iterations.unwrap_or(1));
    println!("{id}: {:.1} ns each", sample.nanos);
    Ok(())
}

fn measure(options: &Options) -> io::Result<()> {
    let mut report = Report::default();
    for Group { title, notes, rows } in rows::groups(options.reach()) {
        let mut lines = Vec::new();
        for row in rows.into_iter().filter(|row| options.wants(title, row)) {
            eprintln!("measuring {}", row.id);
            lines.push(row.measure(options.effort(), folder()?.path()));
        }
        report.add(Section { title, notes, lines });
    }
    if options.is_whole() || options.compile_time {
        eprintln!("measuring compile time");
        report.add(compile_time::section(folder()?.path())?);
    }
    if options.is_whole() { report.write() } else { Ok(()) }
}
