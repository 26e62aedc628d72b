//! Every mistake that the derives know is one error, on the token that makes it; and what is right compiles anywhere.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The cases that hold more than one mistake, each with their number.
const SEVERAL_MISTAKES: &[(&str, usize)] =
    &[("all-mistakes-in-one-compile", 7), ("uses-of-a-wrong-model-are-no-further-errors", 2)];

#[test]
fn each_mistake_is_reported_on_its_token() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/[!p]*/*.rs");
    cases.compile_fail("tests/ui/patches/*.rs");
}

#[test]
fn what_is_right_compiles_in_hostile_surroundings() {
    trybuild::TestCases::new().pass("tests/ui/pass/*.rs");
}

#[test]
fn each_mistake_is_one_error() {
    let outputs = expected_outputs();
    assert!(outputs.len() >= 50, "only {} cases", outputs.len());
    for output in outputs {
        let text = fs::read_to_string(&output).unwrap();
        let errors = text.lines().filter(|line| line.starts_with("error")).count();
        assert_eq!(errors, mistakes_in(&output), "{}", output.display());
    }
}

fn mistakes_in(output: &Path) -> usize {
    let name = output.file_stem().unwrap();
    SEVERAL_MISTAKES.iter().find(|(case, _)| *case == name).map_or(1, |(_, mistakes)| *mistakes)
}

fn expected_outputs() -> Vec<PathBuf> {
    let kinds = fs::read_dir("tests/ui").unwrap().map(|kind| kind.unwrap().path());
    let files = kinds.flat_map(|kind| fs::read_dir(kind).unwrap()).map(|file| file.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|extension| extension == "stderr")).collect()
}
