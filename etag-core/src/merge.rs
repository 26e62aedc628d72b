//! Three-way merge: two edits of one base become one where they can (rule B3).

use std::{collections::BTreeSet, fmt, hash::Hash};

/// The fields that two edits changed differently, and for which the model has no rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeConflict {
    fields: Vec<&'static str>,
}

impl MergeConflict {
    /// A conflict in these fields.
    pub fn new(fields: Vec<&'static str>) -> Self {
        Self { fields }
    }

    /// The serialised names of the fields.
    pub fn fields(&self) -> &[&'static str] {
        &self.fields
    }
}

impl fmt::Display for MergeConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "both edits changed {}; choose one and write it under the current tag", self.fields.join(", "))
    }
}

impl std::error::Error for MergeConflict {}

/// What became of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Merged<T> {
    /// Only one edit changed it, or both alike.
    Agreed(T),
    /// Both changed it, differently.
    Contested {
        /// The caller's value.
        mine: T,
    },
}

/// The value of a field that at most one edit changed, or both alike.
pub fn merge_field<T: PartialEq + Clone>(base: &T, mine: T, theirs: &T) -> Merged<T> {
    if mine == *theirs || *theirs == *base {
        Merged::Agreed(mine)
    } else if mine == *base {
        Merged::Agreed(theirs.clone())
    } else {
        Merged::Contested { mine }
    }
}

/// A collection of which either edit may add and remove members, for `merge = union`.
///
/// # Contract
/// The result has each member that is in both edits, or that one edit added to the base.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no members to unite",
    label = "its type doesn't implement `MergeUnion`",
    note = "use a `Vec` or a set, or another merge rule, as `#[versioned(merge = path::to::function)]`"
)]
pub trait MergeUnion: Sized {
    /// Merges two edits of `base`.
    #[must_use]
    fn merge_union(base: &Self, mine: Self, theirs: &Self) -> Self;
}

/// Keeps the order of `mine`, then of what `theirs` added. A list is merged as a set: what counts is whether a member is in
/// it, and not how often.
impl<T: PartialEq + Clone> MergeUnion for Vec<T> {
    fn merge_union(base: &Self, mine: Self, theirs: &Self) -> Self {
        let added: Self = theirs.iter().filter(|item| !base.contains(item) && !mine.contains(item)).cloned().collect();
        let kept = mine.into_iter().filter(|item| theirs.contains(item) || !base.contains(item));
        kept.chain(added).collect()
    }
}

impl<T: Ord + Clone> MergeUnion for BTreeSet<T> {
    fn merge_union(base: &Self, mine: Self, theirs: &Self) -> Self {
        let added = theirs.difference(base).cloned();
        let kept = mine.iter().filter(|item| theirs.contains(item) || !base.contains(item)).cloned();
        kept.chain(added).collect()
    }
}

impl<T: Eq + Hash + Clone, S: std::hash::BuildHasher + Default> MergeUnion for std::collections::HashSet<T, S> {
    fn merge_union(base: &Self, mine: Self, theirs: &Self) -> Self {
        let added = theirs.iter().filter(|item| !base.contains(*item)).cloned();
        let kept = mine.iter().filter(|item| theirs.contains(*item) || !base.contains(*item)).cloned();
        kept.chain(added).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_of_one_side_stands() {
        assert_eq!(merge_field(&1, 2, &1), Merged::Agreed(2));
        assert_eq!(merge_field(&1, 1, &2), Merged::Agreed(2));
    }

    #[test]
    fn the_same_edit_of_both_sides_stands() {
        assert_eq!(merge_field(&1, 2, &2), Merged::Agreed(2));
    }

    #[test]
    fn different_edits_are_contested() {
        assert_eq!(merge_field(&1, 2, &3), Merged::Contested { mine: 2 });
    }

    #[test]
    fn a_union_keeps_what_either_added_and_drops_what_either_removed() {
        let merged = Vec::merge_union(&vec!["a", "b", "c"], vec!["b", "c", "x"], &vec!["a", "b", "y"]);
        assert_eq!(merged, ["b", "x", "y"]);
        let set = |items: &[&'static str]| items.iter().copied().collect::<BTreeSet<_>>();
        let merged = BTreeSet::merge_union(&set(&["a", "b", "c"]), set(&["b", "c", "x"]), &set(&["a", "b", "y"]));
        assert_eq!(merged, set(&["b", "x", "y"]));
    }
}
