//! Each crate alone and each feature alone, so that none leans on what another one switches on.

use crate::{run::Call, workspace::Package};

/// One call for each way in which somebody may depend on a crate; clippy, since it denies warnings in our crates
/// without changing flags for the others.
pub(crate) fn calls(packages: &[Package]) -> Vec<Call> {
    let published = packages.iter().filter(|package| package.is_published());
    published.flat_map(selections).map(|selection| call(&selection)).collect()
}

fn call(selection: &[String]) -> Call {
    Call::cargo(["clippy", "--quiet"]).args(selection).args(["--", "-D", "warnings"])
}

/// The arguments that select a crate with its default features, with none, and with each one by itself.
fn selections(package: &Package) -> Vec<Vec<String>> {
    let alone = vec!["-p".to_owned(), package.name.clone()];
    if package.features.is_empty() {
        return vec![alone];
    }
    let bare = with(&alone, &["--no-default-features"]);
    let singles = package.features.keys().filter(|name| *name != "default");
    let singles: Vec<_> = singles.map(|name| with(&bare, &["--features", name])).collect();
    [alone, bare].into_iter().chain(singles).collect()
}

fn with(selection: &[String], more: &[&str]) -> Vec<String> {
    selection.iter().cloned().chain(more.iter().map(|&arg| arg.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(features: &[&str]) -> Package {
        let features = features.iter().map(|&name| (name.to_owned(), Vec::new())).collect();
        Package { name: "it".to_owned(), features, targets: Vec::new(), publish: None }
    }

    fn lines(package: &Package) -> Vec<String> {
        selections(package).iter().map(|selection| selection.join(" ")).collect()
    }

    #[test]
    fn a_crate_without_features_is_checked_alone() {
        assert_eq!(lines(&package(&[])), ["-p it"]);
    }

    #[test]
    fn each_feature_is_checked_by_itself() {
        let expected = [
            "-p it",
            "-p it --no-default-features",
            "-p it --no-default-features --features derive",
            "-p it --no-default-features --features http",
        ];
        assert_eq!(lines(&package(&["default", "derive", "http"])), expected);
    }

    #[test]
    fn an_unpublished_crate_is_left_out() {
        let unpublished = Package { publish: Some(Vec::new()), ..package(&["http"]) };
        assert!(calls(&[unpublished]).is_empty());
    }
}
