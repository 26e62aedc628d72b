//! What differs between two documents, as paths (rule B2).
//!
//! A path is the names of members from the document downwards, joined by `/`. A `~` in a name is written `~0` and a `/`
//! `~1`, as in a JSON Pointer (RFC 6901 §3), from which a path differs in that it begins without a `/`: the path of a member
//! of the document is its name.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashSet},
    ops::Bound,
};

use serde_json::{Map, Value};

/// The paths, sorted, of what is another value in `after` than in `before`, to a depth of `depth` levels.
///
/// Where both have an object and there is a level left, what differs in it is told, and not the object. A member that one of
/// the two has not is told itself, whatever is in it. Names are joined by `/`, and escaped as in a JSON Pointer (RFC 6901 §3).
/// Who is no object has no members.
///
/// ```
/// use etag_core::changed_paths;
/// use serde_json::json;
///
/// let before = json!({ "title": "milk", "checklist": { "a": { "done": false }, "b": { "done": true } } });
/// let after = json!({ "title": "milk", "checklist": { "a": { "done": true }, "c/d": {} } });
/// assert_eq!(changed_paths(&before, &after, 1), ["checklist"]);
/// assert_eq!(changed_paths(&before, &after, 2), ["checklist/a", "checklist/b", "checklist/c~1d"]);
/// assert_eq!(changed_paths(&before, &after, 3), ["checklist/a/done", "checklist/b", "checklist/c~1d"]);
/// ```
pub fn changed_paths(before: &Value, after: &Value, depth: u8) -> Vec<String> {
    let none = Map::new();
    let [before, after] = [before, after].map(|document| document.as_object().unwrap_or(&none));
    let mut paths = Vec::new();
    add_changed(&mut paths, "", [before, after], depth);
    paths.sort();
    paths
}

/// [`changed_paths`] of two documents as they are stored.
pub(crate) fn changed_paths_of_documents(before: &[u8], after: &[u8], depth: u8) -> Vec<String> {
    let [before, after] = [before, after].map(|document| serde_json::from_slice(document).unwrap_or(Value::Null));
    changed_paths(&before, &after, depth)
}

fn add_changed(paths: &mut Vec<String>, above: &str, [before, after]: [&Map<String, Value>; 2], depth: u8) {
    let came = after.keys().filter(|name| !before.contains_key(*name));
    for name in before.keys().chain(came) {
        let path = || format!("{above}{}", escaped(name));
        match (before.get(name), after.get(name)) {
            (Some(one), Some(other)) if one == other => {}
            (Some(Value::Object(one)), Some(Value::Object(other))) if depth > 1 => {
                add_changed(paths, &(path() + "/"), [one, other], depth - 1);
            }
            _ => paths.push(path()),
        }
    }
}

fn escaped(name: &str) -> Cow<'_, str> {
    if name.contains(['~', '/']) { name.replace('~', "~0").replace('/', "~1").into() } else { name.into() }
}

/// The paths, sorted, of what a JSON Merge Patch (RFC 7396) sets or removes, whatever document it meets, to a depth of `depth`
/// levels. What it has no members for it leaves alone.
///
/// ```
/// use etag_core::merge_patch_paths;
/// use serde_json::json;
///
/// let patch = json!({ "title": "tea", "checklist": { "a": { "done": true }, "c/d": null } });
/// assert_eq!(merge_patch_paths(&patch, 1), ["checklist", "title"]);
/// assert_eq!(merge_patch_paths(&patch, 3), ["checklist/a/done", "checklist/c~1d", "title"]);
/// ```
pub fn merge_patch_paths(patch: &Value, depth: u8) -> Vec<String> {
    let mut paths = Vec::new();
    add_patched(&mut paths, "", patch, depth);
    paths.sort();
    paths
}

fn add_patched(paths: &mut Vec<String>, above: &str, members: &Value, depth: u8) {
    for (name, value) in members.as_object().into_iter().flatten() {
        let path = format!("{above}{}", escaped(name));
        match value {
            // One that is empty still makes an object of what is none.
            Value::Object(below) if depth > 1 && !below.is_empty() => {
                add_patched(paths, &(path + "/"), value, depth - 1);
            }
            _ => paths.push(path),
        }
    }
}

/// Whether two sets of paths are about anything in common: a path that is in both, or one that leads to another.
///
/// ```
/// use etag_core::do_paths_overlap;
///
/// assert!(do_paths_overlap(["title", "checklist/a"], ["checklist/a/done"]));
/// assert!(do_paths_overlap(["checklist/a/done"], ["checklist"]));
/// assert!(!do_paths_overlap(["checklist/a/done"], ["checklist/a/title", "checklist/aa"]));
/// ```
pub fn do_paths_overlap<One, Other>(one: One, other: Other) -> bool
where
    One: IntoIterator<Item: AsRef<str>>,
    Other: IntoIterator<Item: AsRef<str>>,
{
    let paths: Vec<_> = one.into_iter().collect();
    let (known, below): (HashSet<&str>, BTreeSet<&str>) =
        (paths.iter().map(AsRef::as_ref).collect(), paths.iter().map(AsRef::as_ref).collect());
    other.into_iter().any(|path| is_at_or_above(&known, path.as_ref()) || is_below(&below, path.as_ref()))
}

/// Whether one of the paths is this one, or leads to it.
fn is_at_or_above(paths: &HashSet<&str>, path: &str) -> bool {
    let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
    ends.into_iter().any(|end| paths.contains(&path[..end]))
}

/// Whether this path leads to one of the paths.
fn is_below(paths: &BTreeSet<&str>, path: &str) -> bool {
    let beginning = format!("{path}/");
    let from_there = (Bound::Included(&*beginning), Bound::Unbounded);
    paths.range::<str, _>(from_there).next().is_some_and(|next| next.starts_with(&beginning))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn members_that_differ_come_and_go_are_changed() {
        let [before, after] = [br#"{"a":1,"b":2,"c":3}"#, br#"{"a":1,"b":3,"d":4}"#];
        assert_eq!(changed_paths_of_documents(before, after, 1), ["b", "c", "d"]);
    }

    #[test]
    fn what_is_an_object_on_one_side_only_is_changed_itself() {
        assert_eq!(changed_paths(&json!({ "a": { "b": 1 } }), &json!({ "a": [] }), 9), ["a"]);
        assert_eq!(changed_paths(&json!([]), &json!({ "a": { "b": 1 } }), 9), ["a"]);
    }

    #[test]
    fn names_with_slashes_are_one_segment_each() {
        let paths = changed_paths(&json!({ "a/b": { "~": 1 } }), &json!({ "a/b": { "~": 2 } }), 2);
        assert_eq!(paths, ["a~1b/~0"]);
        assert!(!do_paths_overlap(&paths, ["a"]));
    }

    #[test]
    fn an_empty_name_is_a_name_like_others() {
        assert_eq!(changed_paths(&json!({ "": 1 }), &json!({ "": 2 }), 2), [""]);
        assert!(!do_paths_overlap([""], ["a"]));
        assert!(do_paths_overlap([""], ["/a"]));
    }

    #[test]
    fn a_patch_is_about_what_it_has_members_for() {
        let patch = json!({ "a": { "b": { "c": { "d": 1 } }, "e": {} }, "f~": null });
        assert_eq!(merge_patch_paths(&patch, 3), ["a/b/c", "a/e", "f~0"]);
        assert_eq!(merge_patch_paths(&patch, 9), ["a/b/c/d", "a/e", "f~0"]);
        assert_eq!(merge_patch_paths(&json!(["a"]), 9), [""; 0]);
    }

    #[test]
    fn nothing_overlaps_with_nothing() {
        assert!(!do_paths_overlap(["a"], [""; 0]));
    }

    fn path() -> impl Strategy<Value = String> {
        prop::collection::vec("[ab~!]{0,2}", 1..4).prop_map(|names| names.join("/"))
    }

    fn document() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![Just(json!(1)), Just(json!(2)), Just(json!([]))];
        let members = |of: BoxedStrategy<Value>| prop::collection::btree_map("[ab/~]{1,2}", of, 0..3);
        let object =
            move |of: BoxedStrategy<Value>| members(of).prop_map(|all| Value::Object(all.into_iter().collect()));
        leaf.prop_recursive(3, 20, 3, object)
    }

    fn leads_to(one: &str, other: &str) -> bool {
        let [one, other]: [Vec<_>; 2] = [one, other].map(|path| path.split('/').collect());
        other.starts_with(&one)
    }

    proptest! {
        #[test]
        fn paths_overlap_just_if_one_begins_with_the_names_of_the_other(
            one in prop::collection::vec(path(), 0..4),
            other in prop::collection::vec(path(), 0..4),
        ) {
            let pairs = || one.iter().flat_map(|path| other.iter().map(move |second| (path, second)));
            let expected = pairs().any(|(path, second)| leads_to(path, second) || leads_to(second, path));
            prop_assert_eq!(do_paths_overlap(&one, &other), expected);
            prop_assert_eq!(do_paths_overlap(&other, &one), expected);
        }

        #[test]
        fn paths_of_any_depth_are_those_of_a_lesser_one_or_lead_on_from_them(one in document(), other in document()) {
            prop_assert_eq!(changed_paths(&one, &other, 2), changed_paths(&other, &one, 2));
            let (few, many) = (changed_paths(&one, &other, 1), changed_paths(&one, &other, 3));
            prop_assert!(many.iter().all(|path| few.iter().any(|name| leads_to(name, path))));
            prop_assert!(few.iter().all(|name| many.iter().any(|path| leads_to(name, path))));
        }
    }
}
