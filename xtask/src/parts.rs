//! The parts of `cargo xtask test`, cheap ones first.

use crate::{
    clients, features, house, links, postgres, rules,
    run::Call,
    tools,
    workspace::{Package, Target, Workspace},
};

/// The package whose tests cross crates, and its compile-fail test.
const END_TO_END: &str = "tests";
const UI: &str = "ui";

/// The same selection in all parts that compile, so that they share what is compiled.
const EVERYTHING: [&str; 2] = ["--workspace", "--all-features"];

/// One part.
pub(crate) struct Part {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) work: Work,
}

impl Part {
    /// Whether the workspace has nothing for this part to do.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(&self.work, Work::Calls(calls) if calls.is_empty())
    }
}

/// What a part does.
pub(crate) enum Work {
    /// Calls of cargo, all of which must succeed.
    Calls(Vec<Call>),
    /// A check of our own, which gives what it found wrong.
    Check(fn(&Workspace) -> Result<Vec<String>, String>),
}

/// All parts, in the order in which they run. End-to-end tests come last: CI reads their closing lines.
pub(crate) fn parts(workspace: &Workspace) -> Vec<Part> {
    vec![
        check("tools", "what has to be installed", tools::missing),
        check("postgres", "PostgreSQL, installed where it is missing and may be", postgres::missing),
        check("clients", "client libraries, at their versions in a private folder", clients::missing),
        check("house", "file names, paths, unfinished work", house::violations),
        check("links", "links between files, and the tests that they name", links::violations),
        check("rules", "every rule and trap of DESIGN.md names tests that exist", rules::violations),
        calls("format", "rustfmt", vec![Call::cargo(["fmt", "--all", "--check"])]),
        calls("package", "what would be published", packages(workspace)),
        calls("clippy", "clippy, no warnings", vec![clippy()]),
        calls("features", "each crate alone, and each feature alone", features::calls(&workspace.packages)),
        calls("docs", "rustdoc, no warnings", vec![docs()]),
        calls("unit", "unit tests", vec![with_ignored(test().args(["--lib", "--bins"]))]),
        calls("integration", "tests of single crates", tests_of(workspace, |package, _| package.name != END_TO_END)),
        calls("ui", "compile-fail tests", tests_of(workspace, is_ui)),
        calls("doctests", "examples in the docs and the README", vec![test().args(["--doc"])]),
        calls("e2e", "tests across crates, over a socket", tests_of(workspace, is_e2e)),
    ]
}

fn calls(name: &'static str, about: &'static str, calls: Vec<Call>) -> Part {
    Part { name, about, work: Work::Calls(calls) }
}

fn check(name: &'static str, about: &'static str, check: fn(&Workspace) -> Result<Vec<String>, String>) -> Part {
    Part { name, about, work: Work::Check(check) }
}

fn clippy() -> Call {
    Call::cargo(["clippy", "--keep-going"]).args(EVERYTHING).args(["--all-targets", "--", "-D", "warnings"])
}

fn docs() -> Call {
    Call::cargo(["doc", "--no-deps"]).args(EVERYTHING).env("RUSTDOCFLAGS", "-D warnings")
}

fn test() -> Call {
    Call::cargo(["test", "--no-fail-fast"]).args(EVERYTHING)
}

/// Plain `cargo test` leaves out what needs a server.
fn with_ignored(call: Call) -> Call {
    call.args(["--", "--include-ignored"])
}

/// Runs the chosen test targets; nothing where there are none.
fn tests_of(workspace: &Workspace, is_chosen: impl Fn(&Package, &Target) -> bool) -> Vec<Call> {
    let chosen = |package: &Package, target: &Target| is_chosen(package, target).then(|| target.name.clone());
    let names = workspace.packages.iter().flat_map(|package| package.tests().filter_map(|test| chosen(package, test)));
    let args: Vec<String> = names.flat_map(|name| ["--test".to_owned(), name]).collect();
    if args.is_empty() { Vec::new() } else { vec![with_ignored(test().args(args))] }
}

fn is_ui(package: &Package, test: &Target) -> bool {
    package.name == END_TO_END && test.name == UI
}

fn is_e2e(package: &Package, test: &Target) -> bool {
    package.name == END_TO_END && test.name != UI
}

/// Listing the files of a package reads and checks its manifest, and compiles nothing.
fn packages(workspace: &Workspace) -> Vec<Call> {
    let published = workspace.packages.iter().filter(|package| package.is_published());
    published.map(|package| Call::cargo(["package", "--list", "--allow-dirty", "-p", &package.name])).collect()
}

/// The parts with these names, or all where none is named.
pub(crate) fn choose(parts: Vec<Part>, only: &[String]) -> Result<Vec<Part>, String> {
    if let Some(unknown) = only.iter().find(|name| parts.iter().all(|part| part.name != *name)) {
        let names: Vec<_> = parts.iter().map(|part| part.name).collect();
        return Err(format!("there is no part `{unknown}`; the parts are {}", names.join(", ")));
    }
    Ok(parts.into_iter().filter(|part| only.is_empty() || only.iter().any(|name| name == part.name)).collect())
}

/// One line for each part, and below it one for each call of cargo in it.
pub(crate) fn listing(parts: &[Part]) -> String {
    parts.iter().flat_map(lines_about).map(|line| line + "\n").collect()
}

fn lines_about(part: &Part) -> Vec<String> {
    let title = format!("{:<12} {}", part.name, part.about);
    let calls = match &part.work {
        Work::Calls(calls) => calls.as_slice(),
        Work::Check(_) => &[],
    };
    [title].into_iter().chain(calls.iter().map(|call| format!("             {}", call.line()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_parts() -> Vec<Part> {
        vec![calls("format", "rustfmt", Vec::new()), calls("unit", "unit tests", Vec::new())]
    }

    fn names(parts: &[Part]) -> Vec<&str> {
        parts.iter().map(|part| part.name).collect()
    }

    #[test]
    fn naming_no_part_chooses_all() {
        assert_eq!(names(&choose(two_parts(), &[]).unwrap()), ["format", "unit"]);
    }

    #[test]
    fn naming_a_part_chooses_it_alone() {
        assert_eq!(names(&choose(two_parts(), &["unit".to_owned()]).unwrap()), ["unit"]);
    }

    #[test]
    fn an_unknown_part_is_answered_with_the_known_ones() {
        let error = choose(two_parts(), &["units".to_owned()]).err().unwrap();
        assert_eq!(error, "there is no part `units`; the parts are format, unit");
    }

    #[test]
    fn every_test_target_of_this_workspace_is_in_a_part() {
        let workspace = Workspace::load().unwrap();
        let listing = listing(&parts(&workspace));
        for test in workspace.packages.iter().flat_map(Package::tests) {
            let is_in_a_part =
                listing.split(" --test ").skip(1).any(|rest| rest.split_whitespace().next() == Some(&test.name));
            assert!(is_in_a_part, "{}", test.name);
        }
    }
    #[test]
    fn tests_that_need_a_server_are_run_with_the_others() {
        let listing = listing(&parts(&Workspace::load().unwrap()));
        let runs: Vec<_> =
            listing.lines().filter(|line| line.contains("cargo test") && !line.contains("--doc")).collect();
        assert!(runs.len() > 2 && runs.iter().all(|line| line.ends_with(" -- --include-ignored")), "{runs:#?}");
    }
}
