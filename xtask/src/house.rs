//! House rules that no compiler knows: file names, places that exist on one machine or in one network only, unfinished
//! work.

use std::path::Path;

use crate::workspace::Workspace;

/// Written apart, so that this file keeps its own rule.
const UNFINISHED: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("to", "do!(")];

/// Folders of one machine; their first slash left off for the same reason.
const MACHINE_FOLDERS: [&str; 5] = ["home/", "Users/", "root/", "work/", "tmp/"];

/// Where packages come from is for each machine to say, which may have a mirror. Written apart as well.
const REGISTRIES: [&str; 5] = [
    concat!("py", "pi.org"),
    concat!("python", "hosted.org"),
    concat!("npm", "js.org"),
    concat!("yarn", "pkg.com"),
    concat!("index.", "crates.io"),
];

/// What breaks a rule, as `file:line: what`.
pub(crate) fn violations(workspace: &Workspace) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    for file in workspace.files()? {
        found.extend(misnamed(&file));
        // What is not text has no lines to look at.
        if let Ok(text) = std::fs::read_to_string(workspace.root.join(&file)) {
            found.extend(in_text(&file, &text));
        }
    }
    Ok(found)
}

fn misnamed(file: &Path) -> Option<String> {
    let says_nothing = file.file_stem().is_some_and(|stem| stem == "utils") || file.iter().any(|part| part == "utils");
    says_nothing.then(|| format!("{}: name the file after what lives in it", file.display()))
}

fn in_text(file: &Path, text: &str) -> Vec<String> {
    let place = |number: usize, what: &str| format!("{}:{}: {what}", file.display(), number + 1);
    let lines = text.lines().enumerate();
    lines.filter_map(|(number, line)| fault_of(line).map(|what| place(number, what))).collect()
}

fn fault_of(line: &str) -> Option<&'static str> {
    if UNFINISHED.iter().any(|word| has_word(line, word)) {
        Some("finish it, or write an issue")
    } else if names_a_machine_folder(line) {
        Some("this path exists on one machine only")
    } else if REGISTRIES.iter().any(|host| line.contains(host)) {
        Some("name the package, not the host that it comes from")
    } else {
        None
    }
}

fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(is_part_of_a_word) && (word.ends_with('(') || !after.is_some_and(is_part_of_a_word))
    })
}

fn is_part_of_a_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// A path begins at a slash that no other part of a path or of a URL stands before.
fn names_a_machine_folder(line: &str) -> bool {
    line.match_indices('/').any(|(at, _)| {
        let begins = !line[..at].chars().next_back().is_some_and(continues_a_path);
        begins && MACHINE_FOLDERS.iter().any(|folder| line[at + 1..].starts_with(folder))
    })
}

fn continues_a_path(character: char) -> bool {
    character.is_alphanumeric() || "/.-_}])>*$~".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_named_utils_is_misnamed() {
        assert!(misnamed(Path::new("core/src/utils.rs")).is_some());
        assert!(misnamed(Path::new("core/src/utils/text.rs")).is_some());
        assert!(misnamed(Path::new("core/src/text.rs")).is_none());
    }

    #[test]
    fn unfinished_work_is_found_with_its_line() {
        let text = format!("fn main() {{\n    // {}: later\n}}\n", UNFINISHED[0]);
        assert_eq!(in_text(Path::new("a.rs"), &text), ["a.rs:2: finish it, or write an issue"]);
    }

    #[test]
    fn a_word_within_a_word_is_no_mark() {
        assert!(!has_word("MASTODON", UNFINISHED[0]));
        assert!(!has_word("let todos = 1;", UNFINISHED[2]));
        assert!(has_word(&format!("    {}\"later\")", UNFINISHED[2]), UNFINISHED[2]));
    }

    #[test]
    fn a_path_of_one_machine_is_found() {
        assert!(names_a_machine_folder(&format!("open(\"/{}me/board.db\")", MACHINE_FOLDERS[0])));
        assert!(names_a_machine_folder(&format!("sqlite:/{}board.db", MACHINE_FOLDERS[4])));
    }

    #[test]
    fn the_host_of_a_registry_is_found() {
        let lock = format!("\"resolved\": \"https://registry.{}/ms\"", REGISTRIES[2]);
        assert_eq!(in_text(Path::new("package-lock.json"), &lock).len(), 1);
        assert!(in_text(Path::new("requirements.txt"), "requests==2.34.2").is_empty());
    }

    #[test]
    fn a_url_and_a_relative_path_are_no_paths_of_a_machine() {
        assert!(!names_a_machine_folder("https://example.com/home/index.html"));
        assert!(!names_a_machine_folder("a/tmp/b ../work/c {base}/home/d"));
    }
}
