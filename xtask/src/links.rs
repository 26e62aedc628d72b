//! Links between files: that they lead somewhere, and that a test which a link names is there.
//!
//! A link to a test has the test's name as its title: `[412](../tests/tests/planner.rs "stale_tags_are_412")`.

use std::path::{Component, Path, PathBuf};

use crate::workspace::Workspace;

/// What is wrong with a link, as `file:line: what`.
pub(crate) fn violations(workspace: &Workspace) -> Result<Vec<String>, String> {
    let files = workspace.files()?;
    let read = |path: &Path| std::fs::read_to_string(workspace.root.join(path)).ok();
    let is_there = |path: &Path| files.iter().any(|file| file.starts_with(path));
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "md")) {
        for (number, line) in read(file).unwrap_or_default().lines().enumerate() {
            let faults = links(line).filter_map(|link| fault_of(file, &link, is_there, read));
            found.extend(faults.map(|fault| format!("{}:{}: {fault}", file.display(), number + 1)));
        }
    }
    Ok(found)
}

/// A link to another file of the project.
#[derive(Debug, PartialEq, Eq)]
struct Link<'a> {
    path: &'a str,
    title: Option<&'a str>,
}

/// The links in a line that are neither to elsewhere nor within the file.
fn links(line: &str) -> impl Iterator<Item = Link<'_>> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    targets.filter_map(|target| {
        let (path, title) = target.split_once(' ').map_or((target, None), |(path, title)| (path, Some(title)));
        let path = path.split('#').next().unwrap_or_default();
        let is_within = !path.is_empty() && !path.contains(':') && !path.contains("::");
        is_within.then(|| Link { path, title: title.map(|title| title.trim_matches('"')) })
    })
}

fn fault_of(
    file: &Path,
    link: &Link<'_>,
    is_there: impl Fn(&Path) -> bool,
    read: impl Fn(&Path) -> Option<String>,
) -> Option<String> {
    let target = resolved(file, link.path);
    if !is_there(&target) {
        return Some(format!("the link to `{}` leads nowhere", link.path));
    }
    let named = link.title?;
    let source = read(&target).unwrap_or_default();
    (!source.contains(&format!("fn {named}("))).then(|| format!("`{}` has no test `{named}`", link.path))
}

/// Where a link in `file` leads, from the root.
fn resolved(file: &Path, link: &str) -> PathBuf {
    let mut path = file.parent().map(Path::to_path_buf).unwrap_or_default();
    for part in Path::new(link).components() {
        match part {
            Component::ParentDir => drop(path.pop()),
            Component::Normal(part) => path.push(part),
            _ => {}
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault_in(line: &str) -> Option<String> {
        let is_there = |path: &Path| path == Path::new("tests/tests/planner.rs");
        let read = |_: &Path| Some("fn stale_tags_are_412() {}".to_owned());
        let first = links(line).next()?;
        fault_of(Path::new("examples/DIALECTS.md"), &first, is_there, read)
    }

    #[test]
    fn a_link_to_a_test_that_exists_is_right() {
        assert_eq!(fault_in("| [412](../tests/tests/planner.rs \"stale_tags_are_412\") |"), None);
        assert_eq!(fault_in("[tests](../tests/tests/planner.rs)"), None);
    }

    #[test]
    fn a_link_to_no_test_is_a_fault() {
        let wrong = fault_in("[412](../tests/tests/planner.rs \"stale_tags_are_409\")").unwrap();
        assert_eq!(wrong, "`../tests/tests/planner.rs` has no test `stale_tags_are_409`");
    }

    #[test]
    fn a_link_to_no_file_is_a_fault() {
        assert_eq!(fault_in("see [it](planner.rs)").unwrap(), "the link to `planner.rs` leads nowhere");
    }

    #[test]
    fn links_elsewhere_and_within_are_not_ours() {
        assert_eq!(links("[a](https://example.org) [b](#c) [`D`](etag_core::D) [e](f.md#g)").count(), 1);
    }
}
