//! `cargo xtask soak`: the same property, race and kill tests as in `test`, in release and for much longer.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use crate::{
    clients, postgres,
    run::Call,
    workspace::{Target, Workspace},
};

/// What a test reads that can run for longer: how many cases, for how many seconds.
const CASES: &str = "VERSIONED_FUZZ_CASES";
const SECONDS: &str = "VERSIONED_SOAK_SECONDS";
/// The same for properties that leave the number of cases to proptest.
const PROPTEST_CASES: &str = "PROPTEST_CASES";
const PROPTEST_MACRO: &str = "proptest!";

/// How much is tried in one round.
#[derive(Clone, Copy)]
struct Effort {
    cases: u64,
    seconds: u64,
}

impl Effort {
    const FIRST: Self = Self { cases: 4_096, seconds: 5 };

    fn of(self, call: Call) -> Call {
        let (cases, seconds) = (self.cases.to_string(), self.seconds.to_string());
        call.env(CASES, &cases).env(PROPTEST_CASES, &cases).env(SECONDS, &seconds)
    }

    /// Twice as much where two such rounds fit into the time that is left, else the same.
    fn after(self, round: Duration, left: Duration) -> Self {
        if left < round * 4 {
            return self;
        }
        Self { cases: self.cases * 2, seconds: self.seconds * 2 }
    }
}

/// Runs rounds of all the tests until the time is up or one fails. Compiling does not count.
pub(crate) fn soak(workspace: &Workspace, minutes: u64) -> Result<(), String> {
    postgres::ensure()?;
    clients::ensure(workspace)?;
    let targets = targets(workspace)?;
    round(&targets).args(["--no-run"]).run(&workspace.root)?;
    let deadline = Instant::now() + Duration::from_secs(minutes * 60);
    let mut effort = Effort::FIRST;
    for number in 1.. {
        println!("\n=== round {number}: {} cases, {} seconds", effort.cases, effort.seconds);
        let start = Instant::now();
        effort.of(round(&targets)).args(["--", "--include-ignored"]).run(&workspace.root)?;
        let (took, left) = (start.elapsed(), deadline.saturating_duration_since(Instant::now()));
        if left < took {
            println!("\n{number} rounds passed; another one does not fit into the {minutes} minutes");
            break;
        }
        effort = effort.after(took, left);
    }
    Ok(())
}

fn round(targets: &[String]) -> Call {
    Call::cargo(["test", "--release", "--workspace", "--all-features"]).args(targets)
}

/// The arguments that select each target whose code asks for how long it may run.
fn targets(workspace: &Workspace) -> Result<Vec<String>, String> {
    let files = workspace.files()?;
    let asking: Vec<PathBuf> = files.iter().map(|file| workspace.root.join(file)).filter(|file| asks(file)).collect();
    let targets = workspace.packages.iter().flat_map(|package| &package.targets);
    let chosen: Vec<_> = targets.filter(|target| asking.iter().any(|file| is_code_of(target, file))).collect();
    if chosen.is_empty() {
        return Err(format!("no test reads {CASES} or {SECONDS}"));
    }
    Ok(selection(&chosen))
}

fn selection(targets: &[&Target]) -> Vec<String> {
    let libraries = targets.iter().any(|target| target.is("lib")).then(|| "--lib".to_owned());
    let tests = targets.iter().filter(|target| target.is("test"));
    libraries.into_iter().chain(tests.flat_map(|test| ["--test".to_owned(), test.name.clone()])).collect()
}

fn asks(file: &Path) -> bool {
    let is_code = file.extension().is_some_and(|extension| extension == "rs");
    let text = if is_code { std::fs::read_to_string(file).unwrap_or_default() } else { String::new() };
    [CASES, SECONDS, PROPTEST_MACRO].iter().any(|word| text.contains(word))
}

/// A library is all that stands in its folder; a test is its file and the folder of the same name.
fn is_code_of(target: &Target, file: &Path) -> bool {
    if target.is("test") {
        return file == target.src_path || file.starts_with(target.src_path.with_extension(""));
    }
    target.is("lib") && target.src_path.parent().is_some_and(|folder| file.starts_with(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(kind: &str, path: &str) -> Target {
        Target { name: "it".to_owned(), kind: vec![kind.to_owned()], src_path: PathBuf::from(path) }
    }

    #[test]
    fn the_effort_doubles_while_there_is_time() {
        let minute = Duration::from_secs(60);
        assert_eq!(Effort::FIRST.after(minute, 4 * minute).cases, 2 * Effort::FIRST.cases);
        assert_eq!(Effort::FIRST.after(minute, 3 * minute).cases, Effort::FIRST.cases);
    }

    #[test]
    fn a_test_is_its_file_and_its_folder() {
        let kill = target("test", "tests/tests/kill.rs");
        assert!(is_code_of(&kill, Path::new("tests/tests/kill.rs")));
        assert!(is_code_of(&kill, Path::new("tests/tests/kill/server.rs")));
        assert!(!is_code_of(&kill, Path::new("tests/tests/race.rs")));
    }

    #[test]
    fn libraries_are_selected_together_and_tests_by_name() {
        let (core, kill) = (target("lib", "core/src/lib.rs"), target("test", "tests/tests/kill.rs"));
        assert_eq!(selection(&[&core, &core, &kill]), ["--lib", "--test", "it"]);
    }

    #[test]
    fn a_library_is_its_folder() {
        let core = target("lib", "core/src/lib.rs");
        assert!(is_code_of(&core, Path::new("core/src/etag/tests.rs")));
        assert!(!is_code_of(&core, Path::new("axum/src/lib.rs")));
    }
}
