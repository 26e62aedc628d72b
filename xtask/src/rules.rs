//! The tables at the end of DESIGN.md: from every rule, and every trap, to the tests that hold it.

use std::collections::BTreeMap;

use crate::workspace::Workspace;

/// The rules by letter, and how many each letter has; a letter with no number is one rule.
const LETTERS: [(&str, usize); 9] =
    [("T", 9), ("P", 7), ("S", 9), ("F", 7), ("B", 4), ("H", 8), ("W", 0), ("D", 5), ("X", 4)];

/// The traps are numbered, and have rows like the rules.
const TRAPS: usize = 40;

/// What a row says that names no test: nothing holds the rule yet, or something else than a test does.
const REASONS: [&str; 2] = ["not yet: ", "no test: "];

/// The rows whose tests don't exist, and the rules and traps that have no row.
pub(crate) fn violations(workspace: &Workspace) -> Result<Vec<String>, String> {
    let design = workspace.root.join("DESIGN.md");
    let design = std::fs::read_to_string(&design).map_err(|error| format!("{}: {error}", design.display()))?;
    let code = Code::read(workspace)?;
    Ok(faults(&rows(&design), &code))
}

/// What tests there are: all Rust code in one text, and the paths of all files.
struct Code {
    text: String,
    paths: Vec<String>,
}

impl Code {
    fn read(workspace: &Workspace) -> Result<Self, String> {
        let files = workspace.files()?;
        let sources = files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs"));
        let text = sources.filter_map(|file| std::fs::read_to_string(workspace.root.join(file)).ok()).collect();
        Ok(Self { text, paths: files.iter().map(|file| file.to_string_lossy().replace('\\', "/")).collect() })
    }

    /// Whether there is such a function, or for a name with a slash such a file or folder.
    fn has(&self, name: &str) -> bool {
        if name.contains('/') {
            return self
                .paths
                .iter()
                .any(|path| path == name || path.starts_with(&format!("{}/", name.trim_end_matches('/'))));
        }
        let function = name.rsplit("::").next().unwrap_or(name);
        ["(", "<"].iter().any(|next| self.text.contains(&format!("fn {function}{next}")))
    }
}

/// The last cell of each row that begins with a rule or a trap.
fn rows(design: &str) -> BTreeMap<String, String> {
    let cells = |line: &str| line.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    let rows = design.lines().filter(|line| line.starts_with('|')).map(cells);
    rows.filter_map(|row: Vec<String>| Some((row.first()?.clone(), row.last()?.clone())))
        .filter(|(name, _)| names().any(|known| known == *name))
        .collect()
}

/// The first cells of the rows that there must be.
fn names() -> impl Iterator<Item = String> {
    rules().chain((1..=TRAPS).map(|trap| trap.to_string()))
}

fn rules() -> impl Iterator<Item = String> {
    LETTERS.iter().flat_map(|&(letter, count)| match count {
        0 => vec![letter.to_owned()],
        count => (1..=count).map(|number| format!("{letter}{number}")).collect(),
    })
}

fn faults(rows: &BTreeMap<String, String>, code: &Code) -> Vec<String> {
    names().flat_map(|name| faults_of(&name, rows.get(&name), code)).collect()
}

fn faults_of(name: &str, tests: Option<&String>, code: &Code) -> Vec<String> {
    let kind = if name.starts_with(|first: char| first.is_ascii_digit()) { "trap" } else { "rule" };
    let Some(tests) = tests else { return vec![format!("DESIGN.md: {kind} {name} has no row")] };
    let cited = back_quoted(tests);
    if cited.is_empty() && !REASONS.iter().any(|reason| tests.contains(reason)) {
        return vec![format!(
            "DESIGN.md: {kind} {name} names no test; name one, or write `not yet: ` or `no test: ` and why"
        )];
    }
    let missing = cited.into_iter().filter(|test| !code.has(test));
    missing.map(|test| format!("DESIGN.md: {kind} {name} names `{test}`, which is no test")).collect()
}

fn back_quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code() -> Code {
        Code { text: "fn stale_tag_is_412() {}".to_owned(), paths: vec!["tests/ui/links/cycle.rs".to_owned()] }
    }

    fn faults_of_t1(cell: &str) -> Vec<String> {
        faults_of("T1", Some(&cell.to_owned()), &code())
    }

    #[test]
    fn a_row_that_names_a_test_is_right() {
        assert!(faults_of_t1("`stale_tag_is_412`, `http::stale_tag_is_412`, `tests/ui/links`").is_empty());
    }

    #[test]
    fn a_row_that_names_no_test_that_exists_is_a_fault() {
        assert_eq!(faults_of_t1("`stale_tag`"), ["DESIGN.md: rule T1 names `stale_tag`, which is no test"]);
        assert_eq!(faults_of_t1("`tests/ui/other`").len(), 1);
    }

    #[test]
    fn a_row_without_a_test_must_say_why() {
        assert!(faults_of_t1("not yet: families").is_empty());
        assert!(faults_of_t1("no test: a lint").is_empty());
        assert_eq!(faults_of_t1("of course").len(), 1);
    }

    #[test]
    fn a_trap_has_a_row_as_a_rule_has() {
        let cell = "`stale_tag`".to_owned();
        assert_eq!(faults_of("40", None, &code()), ["DESIGN.md: trap 40 has no row"]);
        assert_eq!(faults_of("9", Some(&cell), &code()), ["DESIGN.md: trap 9 names `stale_tag`, which is no test"]);
        assert_eq!(rows("| 40 | batches | not yet: x |\n| 41 | no trap | `x` |").len(), 1);
    }

    #[test]
    fn a_rule_without_a_row_is_a_fault() {
        assert_eq!(faults(&rows("| T1 | tags | `stale_tag_is_412` |"), &code()).len(), names().count() - 1);
    }

    #[test]
    fn only_rows_of_rules_are_read() {
        let rows =
            rows("| rule | says | tests |\n|---|---|---|\n| W | dialects | not yet |\n| T10 | nothing | `x` |\n");
        assert_eq!(rows.into_iter().collect::<Vec<_>>(), [("W".to_owned(), "not yet".to_owned())]);
    }
}
